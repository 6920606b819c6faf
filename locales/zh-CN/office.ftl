### 机关端（office）界面文字

## 产品与框架
product = 塔黄
product-kind = 基层治理工作系统
product-sentence = 一次登记，处处可用；每一个数字，都能点开看到背后的每一条记录。
skip-to-page = 跳到正文
navigation = 导航
top-bar = 顶栏
navigation-short = 常用导航
open-menu = 打开导航
nav-home = 首页
nav-todo = 待办
nav-figures = 指标
nav-cases = 事项
nav-areas = 行政区域
nav-import = 导入台账
nav-refused = 待修正行
nav-journal = 流水核验
nav-accounts = 账号
nav-more = 更多
record-page = 记录
not-found = 页面不存在
language = 语言
live-connecting = 正在连接
live-connecting-hint = 正在与服务器建立连接
live-open = 实时
live-open-hint = 有新的变化会自动更新
live-lost = 连接中断
live-lost-hint = 连接中断，正在重连；页面上的内容可能不是最新的

## 登录与密码
sign-in = 登录
sign-in-lead = 请使用本单位分配的账号
sign-in-help = 忘记密码或账号被锁定，请联系本级系统管理员。
sign-out = 退出登录
login = 登录名
login-hint = 字母、数字和 . _ -，用于登录，建立后不能更改
password = 密码
change-password = 修改密码
password-old = 原密码
password-new = 新密码
password-again = 再输一遍新密码
password-rule = 不少于 10 位，大写字母、小写字母、数字、符号中至少包含三种
password-differs = 两次输入的新密码不一致
password-changed = 密码已修改

## 通用
save = 保存
cancel = 取消
choose = 请选择
yes = 是
no = 否
refresh = 刷新
try-again = 重试
go-home = 回到首页
loading = 正在加载
load-more = 加载更多
filters-clear = 清除筛选
day-choose = 选择日期
list-comma = 、
position = 流水第 { $position } 号
sealed = 密封
sealed-open = 查看
sealed-erased = （已删除）
sealed-hint = 个人信息已加密保存，只有办理人员可以查看
personal-hint = 个人信息，将加密保存，只有办理人员可以查看
cell-empty = （空）
withdrawn = 已撤回

## 表头
column-accepted = 登记
column-actions = 操作
column-amount = 计入
column-area = 所在区域
column-contents = 内容
column-day = 日期
column-due = 办理期限
column-file = 文件
column-due-or-finished = 期限／办结日期
column-handler = 承办人
column-hash = 校验值
column-kind = 类别
column-last-change = 最近变化
column-name = 姓名
column-position = 流水号
column-prefecture = 地（市）
column-record = 记录
column-role = 角色
column-row = 行
column-scope = 管辖区域
column-source = 来源
column-state = 状态
column-sum = 合计
column-time = 时间
column-title = 事由
column-verdict = 核对结果

## 状态页
state-offline = 连不上服务器
state-offline-hint = 请检查网络后重试。已提交的内容不会丢失。
state-forbidden = 没有权限
state-forbidden-hint = 您的账号不能查看此处内容。如工作需要，请联系本级系统管理员。
state-missing = 没有找到
state-missing-hint = 这里没有内容，可能是地址有误，或者不在您的管辖区域内。
state-broken = 暂时无法显示

## 行政区域
area-choose = 选择区域
area-now = 当前区域：
area-search = 按名称查找区域
area-none = 没有名称包含“{ $text }”的区域
area-whole = { $area }（全部）
area-open = 展开{ $area }
area-code = 区划代码
area-below = 下辖 { $count } 个
area-figures = 查看指标
area-cases = 查看事项
area-nothing-below = 下面没有更小的区域
level-region = 自治区
level-prefecture = 地（市）
level-county = 县（区）
level-township = 乡（镇、街道）
level-village = 村（社区）
level-grid = 网格

## 首页
home-greeting = { $name }，您好
home-lead = { $area }的工作情况
home-refused = 待修正的台账行
home-refused-why = 修正之前，不计入任何指标。
home-refused-none = 没有待修正的台账行
home-cases = 未办结事项
home-all-cases = 全部事项
home-cases-none = 没有未办结的事项
home-cases-none-hint = 新上报的事项会显示在这里。
home-newest = 最近登记的事项
home-figures = 主要指标
home-all-figures = 全部指标
changes-title = 实时变化
changes-hint = 本页打开以后
changes-none = 有人登记、办理或导入时，会立即显示在这里。

## 指标
figures-lead = { $area } · { $count } 项
figures-all = 全部指标
figures-count = { $count } 项
figures-missing = 有台账行待修正，标有“缺”字的指标尚不完整。
figure-missing = 缺 { $count } 行
figure-missing-lead = 另有 { $count } 行台账待修正，尚未计入本指标。
figure-counted = { $count } 条记录
figure-area = 区域
figure-position = 计算依据
figure-records = 依据记录
figure-nothing-to-divide = 没有可供计算的记录，因此不显示数值。
as-of = 统计截至
as-of-now = 当前
as-of-day = 指定日期
as-of-position = 流水号
as-of-notice-day = 以下是截至{ $day }的数字，按流水第 { $position } 号计算；流水现已到第 { $head } 号。
as-of-notice-position = 以下是流水第 { $position } 号时的数字；流水现已到第 { $head } 号。
as-of-nothing = 截至{ $day }，流水中还没有任何记录。这里按录入系统的时间计算，不按事情发生的日期。
as-of-back = 返回当前
trend-title = 逐日走势
trend-span = 时间范围
trend-30 = 30 天
trend-90 = 90 天
trend-365 = 一年
trend-730 = 两年
trend-none = 这段时间内没有计入的记录。
trend-summary = 自{ $from }至{ $to }逐日数量，最多的一天是{ $day }，为 { $most } { $unit }。
records-title = 计入本指标的记录
records-parts = 分子与分母
records-count = { $count } 条
records-shown = 已显示 { $shown } 条，共 { $count } 条
records-none = 这里没有记录
records-none-hint = 换一个区域或时间看看；如果台账还没有导入，请先导入台账。
source = { $file } · { $sheet } · 第 { $row } 行
source-none = 在线登记

## 记录
record-withdrawn = 此记录已撤回：内容和经过仍然保留，但不再计入任何指标。
record-contents = 内容
record-no-fields = 没有其他内容。
record-lines = 明细
counted-in = 计入指标
counted-in-none = 目前没有计入任何指标。
counted-in-withdrawn = 已撤回，不计入任何指标。
history-title = 全部经过
history-count = { $count } 次变化
history-source = 台账原始行：{ $file } · { $sheet } · 第 { $row } 行
history-source-run = 以上 { $count } 次变化出自同一台账行：{ $file } · { $sheet } · 第 { $row } 行
ledger-row-label = 工作表“{ $sheet }”第 { $row } 行
step-confirm = 确认要{ $step }吗？
step-done = 已办理：{ $step }
withdraw-lead = 撤回后，此记录不再计入任何指标；内容和经过仍然保留，可以查阅。
record-other-checker = 您是承办人，须由其他人员核查。

## Files of a record

files = 附件
files-add = 上传附件
files-purpose = 附件用途
files-none = 还没有附件。
files-hint = 照片或 PDF，可一次选择多个，每个不超过 8 MB。大照片会先缩小再上传；照片中的拍摄地点、时间等信息不予保存。
file-purpose-evidence = 办理佐证
file-purpose-report = 上报材料
file-purpose-document = 文书材料
file-sending = 正在上传：{ $name }
file-waiting = 等待上传
file-again = 重试
file-drop = 放弃
file-show = 查看
file-open = 打开 { $format }
file-picture = { $purpose }，{ $day } 上传
file-personal = 随上报提交，属个人信息；每次查看都会记入日志。
file-remove = 移除
file-remove-title = 移除附件
file-remove-lead = 移除后，文件随即销毁，不能恢复；谁在何时因何移除，仍留在办理经过中。
file-remove-reason = 理由
file-removed = 已移除附件

## 事项
cases-title = 事项清单
cases-all-kinds = 全部类别
cases-all-states = 全部状态
cases-open = 未办结
cases-search = 按事由、地点查找
cases-shown = 已显示 { $shown } 条{ $more ->
    [yes] ，还有更多
   *[no] {""}
  }
cases-none = 没有事项
cases-none-hint = 上报或导入的事项会显示在这里。
cases-none-filtered = 没有符合筛选条件的事项，可以放宽条件再看。
cases-changed = 有新的变化。
search-behind = 有 { $count } 条新记录还没有进入检索，稍后即可查到。
case-new = 上报事项
case-kind = 事项类别
case-send = 上报
case-day = 发现（受理）日期
case-title = 事由

## 导入
import-lead = 原样上传各单位的台账，系统逐行核对后登记
import-drop = 把台账拖到这里，或点击选择文件
import-drop-hint = Excel 工作簿（.xlsx），每个不超过 32 MB，可一次选择多个
upload-waiting = 等待上传
upload-sending = 正在上传并核对
upload-sent = 已核对，可以查看
import-look = 查看
imports-title = 最近导入
imports-all = 全部导入
imports-none = 还没有导入过台账
imports-none-hint = 导入前会先逐行核对给您看，确认以后才登记。同一份台账重复导入，不会重复计数。
import-state-previewed = 待确认
import-state-running = 正在导入
import-state-done = 已完成
import-state-failed = 失败
verdict-accepted = 可登记
verdict-recorded = 已登记
verdict-refused = 待修正
verdict-unchanged = 无变化
import-file-facts = { $time } · { $size } MB · { $sheets } 个工作表
import-sheets = 工作表
import-preview-lead = 这是核对结果，尚未登记。确认无误后点击“开始导入”；待修正的行会另行保存，可以随后逐行修正。
import-run = 开始导入
import-running = 正在导入：{ $done } / { $total } 行。可以离开本页，导入不会中断。
import-progress = 导入进度
import-done = 导入完成：登记 { $accepted } 行，待修正 { $refused } 行，无变化 { $unchanged } 行。
import-see-figures = 查看指标
sheet-unknown = 未能识别台账类型
sheet-unknown-hint = 此工作表不会导入。如果它是台账，请检查表头是否完整。
sheet-ledger = 识别为
sheet-heading-row = 表头在第 { $row } 行
sheet-counts = 可登记 { $accepted } 行，待修正 { $refused } 行，无变化 { $unchanged } 行
sheet-counts-done = 已登记 { $accepted } 行，待修正 { $refused } 行，无变化 { $unchanged } 行
sheet-totals = 已略过合计行 { $count } 行
sheet-missing = 缺少必需的列：{ $columns }。请在下方指定对应的列，否则此工作表不能导入。
sheet-rows = 逐行核对结果
sheet-rows-hint = 显示 { $count } 行，待修正的在前
columns-title = 表头对应
columns-known = 已对应 { $known } 列，未识别 { $unknown } 列
columns-samples = 例如：{ $samples }
columns-ignored = 不导入此列
columns-choose = “{ $heading }”对应哪一列

## 待修正行
refused-lead = 这些行已原样保存，修正之前不计入任何指标
refused-open = 去修正
refused-of-file = 只显示《{ $file }》中的行。
refused-all-files = 显示全部文件
refused-of-area = 只显示{ $area }的行。
refused-all-areas = 显示全部区域
refused-tab-refused = 待修正
refused-tab-fixed = 已修正
refused-tab-set-aside = 不予录入
refused-tab-refused-none = 没有待修正的行
refused-tab-refused-none-hint = 导入的台账已全部登记。
refused-tab-fixed-none = 还没有修正过的行
refused-tab-fixed-none-hint = 修正成功的行会显示在这里，并能打开对应的记录。
refused-tab-set-aside-none = 没有不予录入的行
refused-tab-set-aside-none-hint = 确认不是有效记录的行会显示在这里，附有理由。
row-number = 第 { $row } 行
refused-unreadable = 这一行的原文已删除或无法解密。
refused-edit = 修改
refused-save = 保存并登记
refused-save-hint = 红框是出错的一格，其他格也可以改。
refused-still-wrong = 仍然不能登记：
refused-fixed = 已修正并登记。以下是台账原样。
refused-see-record = 打开记录
refused-set-aside = 不予录入，理由：{ $reason }
refused-set-aside-ask = 不予录入…
refused-set-aside-do = 确定不予录入
refused-reason = 请填写不予录入的理由

## 流水核验
journal-lead = 所有变化都记在流水里，只增不改，每一条都用校验值与前一条相连。核验会从头逐条重算，改动过任何一个字都能查出来。
journal-verify = 开始核验
journal-heads = 流水现状
journal-empty = 还没有记录
verify-running = 正在核验：{ $checked } / { $total } 条
verify-progress = 核验进度
verify-intact = 流水完整
verify-intact-words = 已逐条核验 { $checked } 条，前后相连，没有改动。
verify-bad = 流水已被改动
verify-bad-where = { $prefecture }的流水从第 { $position } 号起不一致：{ $reason }。此前的记录完整可信。
verify-bad-do = 请保留现场，不要删除任何文件，立即报告本级审计管理员。
verify-when = 核验时间 { $time }，用时 { $seconds } 秒
bad-hash-mismatch = 内容与校验值不一致
bad-column-differs = 与记录内容不一致
bad-unreadable = 记录无法读取
bad-wrong-head = 流水末尾与系统留存的不一致
bad-beyond-head = 末尾之后还有记录
bad-gap = 缺少记录

## 账号
accounts-lead = 谁在哪个区域可以做什么
accounts-none = 还没有账号
account-new = 新建账号
account-create = 建立
account-active = 正常
account-disabled = 已停用
account-locked = 锁定至 { $time }
account-reset = 重置密码
account-reset-ask = 将为 { $name }（{ $login }）生成新的一次性密码，原密码立即失效。
account-disable = 停用
account-disable-ask = 停用后，{ $name }（{ $login }）不能再登录。其已登记的记录不受影响。
account-enable = 启用
one-time-password = 一次性密码
one-time-password-lead = 请把下面的密码当面或通过安全方式交给 { $login }，并提醒其登录后立即修改。
one-time-password-warning = 此密码只显示这一次，关闭后无法再次查看。
one-time-password-noted = 我已记下
copy = 复制
copied = 已复制

## 原因与问题（按固定代码）
problem-offline = 连不上服务器，请检查网络后重试
problem-internal = 服务器出错，已记录在案，请稍后重试
problem-unexpected = 操作没有成功（{ $code }）
problem-bad-credentials = 登录名或密码不正确
problem-bad-password = 原密码不正确
problem-account-locked = 密码连续输错，账号已锁定，请 15 分钟后再试
problem-cross-origin = 请求来自其他网站，已被拒绝
problem-busy = 当前请求太多，请稍后再试
problem-stopping = 服务器正在停止，请稍后再试
problem-storage-unavailable = 数据库暂时没有响应，请稍后再试
problem-invalid-parameter = 查询条件不正确
problem-malformed-body = 提交的内容无法识别，请刷新页面后重试
problem-malformed-command = 提交的内容无法识别，请刷新页面后重试
problem-body-too-large = 提交的内容太大
problem-unsupported-media-type = 提交的内容无法识别，请刷新页面后重试
problem-too-many-commands = 一次提交的内容太多，请分批提交
problem-own-account = 不能停用自己的账号
problem-unknown-role = 没有这个角色
problem-sealed-unreadable = 此项个人信息无法解密，请联系系统管理员
problem-not-signed-in = 登录已失效，请重新登录
problem-weak-password = 新密码不符合要求：不少于 10 位、不超过 1000 字节，大写字母、小写字母、数字、符号中至少包含三种
problem-not-permitted = 您的账号在此处没有这项权限
problem-header-missing = 请求被拒绝，请刷新页面后重试
problem-not-found = 没有找到
problem-method-not-allowed = 此处不支持这项操作，请刷新页面后重试
problem-subject-not-found = 没有这条记录，或不在您的管辖区域内
problem-subject-exists = 这条记录已经存在
problem-subject-withdrawn = 这条记录已撤回
problem-revision-conflict = 您打开之后，别人已经改过这条记录。现已显示最新内容，请核对后再办理
problem-command-id-reused = 同一次提交的内容前后不一致，请刷新页面后重试
problem-unknown-kind = 没有这个类别
problem-wrong-shape = 这个类别不能这样登记
problem-unknown-area = 没有这个区域
problem-ambiguous-area = 有多个同名的区域，请写明县和乡（镇）
problem-missing-area = 没有填写所在区域
problem-outside-prefecture = 此区域不在本地（市）管辖范围内
problem-area-exists = 这个区域已经登记
problem-field-invalid = 填写的内容不符合要求
problem-missing-value = 有必填项没有填写
problem-text-too-long = 文字太长
problem-quantity-out-of-range = 数量不在允许范围内
problem-personal-data-open = 个人信息只能填在专门的栏目里
problem-personal-field-unknown = 这个类别没有此项个人信息
problem-too-many-lines = 明细太多
problem-line-not-found = 没有这条明细
problem-line-exists = 这条明细已经存在
problem-link-not-found = 关联的记录不存在
problem-finished-before-found = 完成日期早于发现日期
problem-step-not-open = 当前状态不能办理这一步，可能已有人先办理
problem-unknown-outcome = 没有这种办理结果
problem-checker-is-handler = 核查人不能是承办人，请由其他人员核查
problem-stock-too-small = 库存不足
problem-already-ended = 已经终止
problem-amount-overflow = 数额过大
problem-too-many-files = 一条记录最多 40 个附件，请先移除不需要的
problem-file-not-found = 没有这个附件，可能已被移除
problem-file-exists = 这个附件已经上传
problem-file-empty = 文件是空的
problem-file-too-large = 文件超过 8 MB，或图片过大，请压缩后上传
problem-file-type-refused = 只能上传 JPEG、PNG、WebP 图片或 PDF
problem-file-damaged = 文件已损坏或不完整，请重新拍摄或导出
problem-bad-date = 日期无法识别
problem-missing-date = 没有填写日期
problem-bad-number = 数量无法识别
problem-unknown-choice = 填写的内容不在可选范围内
problem-duplicate = 与另一行重复
problem-unknown-heading = 这一行没有这一列，请刷新后重试
problem-unknown-ledger = 未能识别台账类型
problem-missing-column = 缺少必需的列
problem-import-started = 这份台账正在导入或已经导入，请查看导入结果
problem-no-divisions = 系统中还没有行政区划，请联系系统管理员导入行政区划后再试
problem-workbook-unreadable = 文件无法读取，请重新选择
problem-workbook-not-xlsx = 不是 Excel 工作簿（.xlsx），请在 Excel 或 WPS 中另存为 .xlsx 后再上传
problem-workbook-password-protected = 工作簿设有密码，请取消密码后再上传
problem-workbook-damaged = 工作簿已损坏，请在 Excel 或 WPS 中打开并另存后再上传
problem-workbook-too-large = 工作簿太大：文件不能超过 32 MB，可按工作表拆分后上传
problem-unknown-training = 没有找到所填的培训班次
problem-account-exists = 这个登录名已被使用

## 待办
due-late = { $count ->
    [0] 已逾期
   *[other] 逾期 { $count } 个工作日
  }
due-soon = { $count ->
    [0] 今天到期
   *[other] 剩 { $count } 个工作日
  }
due-later = 剩 { $count } 个工作日
todo-lead = 有办理期限的事项，最急的在前。导入的历史事项不计期限。
todo-tab-all = 全部
todo-tab-late = 已逾期
todo-tab-soon = 即将到期
todo-tab-later = 期限内
todo-none-all = 没有待办事项
todo-none-late = 没有逾期事项
todo-none-soon = 两个工作日内没有到期事项
todo-none-later = 没有其他在办事项
todo-none-hint = 新上报的事项按类别自动计算期限，按法定工作日扣除节假日。

nav-notices = 通知
nav-deliveries = 消息投递
notices-bell = { $count ->
    [0] 通知
   *[other] 通知，{ $count } 条未读
}
notices-lead = 本区域的新情况，以及您上报事项的办理进展。
notices-changed = 有新的变动。
notices-none = 暂无通知
notices-none-hint = 本区域有新上报、待核查或重新办理的事项时，会显示在这里。
notices-new = 新
deliveries-lead = 发往工作群、邮箱和其他系统的消息。
deliveries-changed = 有新的变动。
deliveries-uncertain-hint = 这些消息发出后没有收到答复，可能已经送达。请先在群里或邮箱中核对，再决定重发或不再发送。
deliveries-none = 没有消息
deliveries-none-hint = 消息渠道由系统管理员在 tahuang.toml 中设置。
deliveries-tab-all = 全部
deliveries-tab-uncertain = 送达不明
deliveries-tab-failed = 发送失败
deliveries-tab-waiting = 待发送
deliveries-tab-delivered = 已送达
deliveries-tab-dismissed = 不再发送
deliveries-emergency = 紧急
deliveries-hidden = 内容不可见
deliveries-attempts = 发送 { $count } 次
deliveries-next = 下次发送：{ $at }
deliveries-queued = 排队等待发送
deliveries-retry = 重发
deliveries-dismiss = 不再发送
column-written = 生成时间
column-channel = 渠道
column-message = 消息
column-answer = 对方答复
column-decision = 处理
problem-delivery-not-open = 这条消息当前不能重发或作废，可能已经送达或正在发送。现已刷新
