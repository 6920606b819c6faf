//! Why a row is not accepted. Closed, with permanent codes.

use tahuang_domain::Refusal;

/// A reason for which a row waits to be mended. The message is Chinese: it is read by whoever keeps the ledger.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message says it")]
pub enum RowRefusal {
    #[error("与本表第{first}行除序号外完全相同")]
    Duplicate { first: u32 },
    #[error("未填“{column}”，无法确定所在区域")]
    MissingArea { column: String },
    #[error("“{name}”不在行政区划中（{within}）")]
    UnknownArea { name: String, within: String, column: Option<String> },
    #[error("“{name}”在多处重名，请填写乡（镇）")]
    AmbiguousArea { name: String, column: Option<String> },
    #[error("未填“{column}”")]
    MissingDate { column: String },
    #[error("“{column}”不是有效日期：{text}")]
    BadDate { column: String, text: String },
    #[error("“{column}”不是有效数量：{text}")]
    BadNumber { column: String, text: String },
    #[error("未填“{column}”")]
    MissingValue { column: String },
    #[error("“{column}”填写的“{text}”不在可识别的范围内")]
    UnknownChoice { column: String, text: String },
    #[error("“{column}”早于“{before}”")]
    FinishedBeforeFound { column: String, before: String },
    #[error("本工作簿中没有名为“{name}”的培训班次")]
    UnknownTraining { name: String },
    #[error("这张表不属于任何已知的台账格式")]
    UnknownLedger,
    #[error("这一行没有“{column}”这一列")]
    UnknownHeading { column: String },
    #[error("缺少必填列：{missing}（未识别的列：{unknown}）")]
    MissingColumn { missing: String, unknown: String },
    #[error("{message}")]
    Domain { code: String, message: String },
}

impl From<&Refusal> for RowRefusal {
    fn from(refusal: &Refusal) -> Self {
        let (code, said) = (refusal.code().to_owned(), refusal.to_string());
        Self::Domain { message: in_words(&code, &said), code }
    }
}

/// What a refusal of the domain means for a row, for whoever keeps the ledger.
pub fn in_words(code: &str, said: &str) -> String {
    let words = match code {
        "not_permitted" => "当前账号无权登记这一地区或这一类记录",
        "subject_withdrawn" => "同一条记录已被撤回",
        "subject_exists" => "同一条记录已登记，内容不同，请在系统内更正",
        "step_not_open" => "该事项已经办结，不能再由台账更改，请在系统内重新办理或更正",
        "line_exists" => "同一笔已经登记，内容不同，请在系统内更正",
        "already_ended" => "同一条记录已经终止",
        "unknown_area" => "所在区域尚未登记",
        "area_exists" => "网格编码已被同村另一网格占用，请重新导入",
        "outside_prefecture" => "所在区域不属于本地（市）",
        "link_not_found" => "所驻网格不存在或已终止",
        "stock_too_small" => "库存不足",
        "quantity_out_of_range" => "数量超出允许范围",
        "text_too_long" => "文字过长",
        "missing_value" => "缺少必填内容",
        "field_invalid" => "有一项内容不符合要求",
        "finished_before_found" => "完成日期早于开始日期",
        "too_many_lines" => "该记录的明细过多",
        _ => return format!("不能登记（{code}：{said}）"),
    };
    words.to_owned()
}

impl RowRefusal {
    /// The permanent code.
    pub fn code(&self) -> &str {
        match self {
            Self::Duplicate { .. } => "duplicate",
            Self::MissingArea { .. } => "missing_area",
            Self::UnknownArea { .. } => "unknown_area",
            Self::AmbiguousArea { .. } => "ambiguous_area",
            Self::MissingDate { .. } => "missing_date",
            Self::BadDate { .. } => "bad_date",
            Self::BadNumber { .. } => "bad_number",
            Self::MissingValue { .. } => "missing_value",
            Self::UnknownChoice { .. } => "unknown_choice",
            Self::FinishedBeforeFound { .. } => "finished_before_found",
            Self::UnknownTraining { .. } => "unknown_training",
            Self::UnknownLedger => "unknown_ledger",
            Self::UnknownHeading { .. } => "unknown_heading",
            Self::MissingColumn { .. } => "missing_column",
            Self::Domain { code, .. } => code,
        }
    }

    /// The heading of the cell to blame.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::MissingArea { column }
            | Self::MissingDate { column }
            | Self::BadDate { column, .. }
            | Self::BadNumber { column, .. }
            | Self::MissingValue { column }
            | Self::UnknownHeading { column }
            | Self::UnknownChoice { column, .. }
            | Self::FinishedBeforeFound { column, .. } => Some(column),
            Self::UnknownArea { column, .. } | Self::AmbiguousArea { column, .. } => column.as_deref(),
            _ => None,
        }
    }
}
