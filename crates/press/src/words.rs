//! Words that stand on forms, in Chinese and, where residents read or sign, in Tibetan below. The Tibetan ones are drafts
//! for a native reader, as `docs/translation.md` says.

use jiff::civil::Date;

/// In which languages a form is printed that residents read or sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Languages {
    /// Chinese alone.
    Chinese,
    /// Chinese with Tibetan below.
    #[default]
    ChineseAndTibetan,
}

/// A word in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Chinese.
    pub zh: &'static str,
    /// Tibetan.
    pub bo: &'static str,
}

impl Word {
    const fn new(zh: &'static str, bo: &'static str) -> Self {
        Self { zh, bo }
    }

    /// The word as a form says it: the Tibetan in a line of its own.
    pub fn say(&self, languages: Languages) -> String {
        match languages {
            Languages::Chinese => self.zh.to_owned(),
            Languages::ChineseAndTibetan => format!("{}\n{}", self.zh, self.bo),
        }
    }
}

/// A day as papers write it: 2026年3月14日.
pub fn day(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// A day, or room for one.
pub fn day_or_room(value: Option<Date>) -> String {
    value.map_or_else(|| "　　年　　月　　日".to_owned(), day)
}

/// Heading of a contact card.
pub const CONTACT_CARD: Word = Word::new("便民联系卡", "མང་ཚོགས་འབྲེལ་གཏུག་བྱང་བུ།");
/// Who is on duty.
pub const ON_DUTY: Word = Word::new("值班", "ཉིན་སྲུང་།");
/// The office's telephone.
pub const TELEPHONE: Word = Word::new("电话", "ཁ་པར།");
/// What the code on a contact card is for.
pub const SCAN: Word = Word::new(
    "扫码提意见、报困难、报隐患，不用下载，不用登录，办到哪一步随时能看。",
    "རྟགས་རིས་བཤེར་ནས་བསམ་འཆར་དང་དཀའ་ངལ། ཉེན་ཁ་བཅས་བཤད་ཆོག མཉེན་ཆས་ཕབ་མི་དགོས། ཐོ་འགོད་མི་དགོས།",
);
/// Below the code.
pub const SCAN_SHORT: Word = Word::new("扫一扫", "བཤེར་རོགས།");

/// Title of the notice of rights and duties in mediation.
pub const RIGHTS_TITLE: Word =
    Word::new("人民调解当事人权利义务告知书", "མི་དམངས་འདུམ་འགྲིག་དོན་དངོས་པའི་ཐོབ་ཐང་དང་འོས་འགན་བརྡ་ཁྱབ།");
/// Heading of the rights.
pub const RIGHTS: Word = Word::new("一、您在人民调解中享有下列权利", "༡ ཁྱེད་ལ་འདུམ་འགྲིག་ཁྲོད་གཤམ་གསལ་གྱི་ཐོབ་ཐང་ཡོད།");
/// The rights (人民调解法, art. 23).
pub const RIGHTS_LIST: [Word; 4] = [
    Word::new("（一）选择或者接受人民调解员；", "(༡) མི་དམངས་འདུམ་འགྲིག་པ་འདེམས་པའམ་དང་ལེན་བྱེད་པ།"),
    Word::new(
        "（二）接受调解、拒绝调解或者要求终止调解；",
        "(༢) འདུམ་འགྲིག་དང་ལེན་བྱེད་པ། དང་ལེན་མི་བྱེད་པའམ་མཚམས་འཇོག་པའི་རེ་འདུན་འདོན་པ།",
    ),
    Word::new("（三）要求调解公开进行或者不公开进行；", "(༣) འདུམ་འགྲིག་མངོན་སུམ་དུ་བྱེད་པའམ་མངོན་སུམ་དུ་མི་བྱེད་པའི་རེ་འདུན་འདོན་པ།"),
    Word::new(
        "（四）自主表达意愿、自愿达成调解协议。",
        "(༤) རང་གི་འདོད་པ་རང་དབང་གིས་བཤད་པ་དང་། རང་མོས་ཀྱིས་འདུམ་འགྲིག་མཐུན་གྲོས་འཇོག་པ།",
    ),
];
/// Heading of the duties.
pub const DUTIES: Word = Word::new("二、您在人民调解中应当履行下列义务", "༢ ཁྱེད་ཀྱིས་འདུམ་འགྲིག་ཁྲོད་གཤམ་གསལ་གྱི་འོས་འགན་སྒྲུབ་དགོས།");
/// The duties (人民调解法, art. 24).
pub const DUTIES_LIST: [Word; 3] = [
    Word::new("（一）如实陈述纠纷事实；", "(༡) རྩོད་གཞིའི་དོན་དངོས་བདེན་པར་བཤད་པ།"),
    Word::new(
        "（二）遵守调解现场秩序，尊重人民调解员；",
        "(༢) འདུམ་འགྲིག་གནས་ཀྱི་སྒྲིག་ལམ་སྲུང་བ་དང་། མི་དམངས་འདུམ་འགྲིག་པར་གུས་བཀུར་བྱེད་པ།",
    ),
    Word::new("（三）尊重对方当事人行使权利。", "(༣) ཕ་རོལ་གྱིས་ཐོབ་ཐང་བེད་སྤྱོད་བྱེད་པར་གུས་བཀུར་བྱེད་པ།"),
];
/// What else parties should know.
pub const KNOW: Word = Word::new("三、请您知悉", "༣ མཁྱེན་དགོས་པ།");
/// What else parties should know, one by one (人民调解法, art. 4, 26, 31, 33).
pub const KNOW_LIST: [Word; 4] = [
    Word::new("（一）人民调解不收取任何费用。", "(༡) མི་དམངས་འདུམ་འགྲིག་ལ་རིན་དོད་གང་ཡང་མི་ལེན།"),
    Word::new(
        "（二）调解不成的，可以依法通过仲裁、行政、司法等途径维护自己的权利。",
        "(༢) འདུམ་འགྲིག་མ་འགྲུབ་ན། དབུས་གཅོད་དང་སྲིད་འཛིན། ཁྲིམས་འཛིན་སོགས་བརྒྱུད་ནས་རང་གི་ཐོབ་ཐང་སྲུང་ཆོག",
    ),
    Word::new(
        "（三）经人民调解委员会调解达成的调解协议具有法律约束力，当事人应当按照约定履行。",
        "(༣) འདུམ་འགྲིག་མཐུན་གྲོས་ལ་ཁྲིམས་ལུགས་ཀྱི་བཅིངས་ནུས་ཡོད་པས། ཕྱོགས་གཉིས་ཀས་ལག་བསྟར་བྱེད་དགོས།",
    ),
    Word::new(
        "（四）双方当事人认为有必要的，可以自调解协议生效之日起三十日内共同向人民法院申请司法确认。",
        "(༤) ཕྱོགས་གཉིས་ཀས་དགོས་ངེས་ཡོད་པར་འདོད་ན། མཐུན་གྲོས་ནུས་པ་ཐོབ་པའི་ཉིན་ནས་ཉིན་སུམ་ཅུའི་ནང་མི་དམངས་ཁྲིམས་ཁང་ལ་གཏན་འཁེལ་ཞུ་ཆོག",
    ),
];
/// What a party signs below the notice of rights.
pub const RIGHTS_READ: Word =
    Word::new("以上内容已向我告知（宣读），我已明白。", "གོང་གསལ་ནང་དོན་ང་ལ་བཤད་ཟིན། ང་ལ་གོ་སོང་།");

/// Title of a written agreement.
pub const AGREEMENT_TITLE: Word = Word::new("人民调解协议书", "མི་དམངས་འདུམ་འགྲིག་མཐུན་གྲོས་ཡི་གེ");
/// Heading: the parties.
pub const PARTIES: Word = Word::new("当事人基本情况", "དོན་དངོས་པའི་གཞི་རྩའི་གནས་ཚུལ།");
/// Heading: facts.
pub const FACTS: Word = Word::new("纠纷主要事实、争议事项和各方责任", "རྩོད་གཞིའི་དོན་དངོས་གཙོ་བོ། རྩོད་པའི་དོན་ཚན། སོ་སོའི་འགན་འཁྲི།");
/// Heading: what is disputed.
pub const ISSUES: Word = Word::new("争议事项", "རྩོད་པའི་དོན་ཚན།");
/// Heading: who is answerable for what.
pub const LIABILITY: Word = Word::new("各方责任", "ཕྱོགས་སོ་སོའི་འགན་འཁྲི།");
/// Heading: terms.
pub const TERMS: Word = Word::new("经调解，自愿达成如下协议", "འདུམ་འགྲིག་བྱས་ནས་ཕྱོགས་གཉིས་རང་མོས་ཀྱིས་གཤམ་གསལ་མཐུན་གྲོས་བཞག");
/// Heading: manner and deadline.
pub const MANNER: Word = Word::new("履行方式、时限", "ལག་བསྟར་བྱེད་ཐབས་དང་དུས་བཀག");
/// When an agreement takes effect (人民调解法, art. 29).
pub const EFFECT: Word = Word::new(
    "本协议自各方当事人签名、盖章或者按指印，人民调解员签名并加盖人民调解委员会印章之日起生效。",
    "མཐུན་གྲོས་འདི་དོན་དངོས་པས་མིང་རྟགས་སམ་མཛུབ་རྟགས་བཞག་པ་དང་། འདུམ་འགྲིག་པས་མིང་རྟགས་བཀོད་དེ་འདུམ་འགྲིག་ཨུ་ཡོན་ལྷན་ཁང་གི་ཐམ་ག་བརྒྱབ་པའི་ཉིན་ནས་ནུས་པ་འཐོབ།",
);
/// How many copies there are.
pub const COPIES: Word = Word::new(
    "本协议书各方当事人各执一份，人民调解委员会留存一份。",
    "མཐུན་གྲོས་ཡི་གེ་འདི་དོན་དངོས་པ་སོ་སོར་གཅིག་རེ་དང་། འདུམ་འགྲིག་ཨུ་ཡོན་ལྷན་ཁང་ལ་གཅིག་ཉར།",
);
/// A party, where they sign.
pub const PARTY_SIGNS: Word = Word::new("当事人（签名、指印）", "དོན་དངོས་པ། (མིང་རྟགས། མཛུབ་རྟགས།)");
/// A mediator, where they sign.
pub const MEDIATOR_SIGNS: Word = Word::new("人民调解员（签名）", "མི་དམངས་འདུམ་འགྲིག་པ། (མིང་རྟགས།)");
/// Who wrote the record, where they sign.
pub const RECORDER_SIGNS: Word = Word::new("记录人（签名）", "ཟིན་ཐོ་འགོད་མཁན། (མིང་རྟགས།)");
/// The committee, where it seals.
pub const COMMITTEE_SEALS: Word = Word::new("人民调解委员会（印章）", "མི་དམངས་འདུམ་འགྲིག་ཨུ་ཡོན་ལྷན་ཁང་། (ཐམ་ག)");

/// Title of the notice of hazards.
pub const NOTICE_TITLE: Word = Word::new("安全隐患告知单", "བདེ་འཇགས་ཉེན་ཁའི་བརྡ་ཐོ།");
/// The unit that was checked.
pub const UNIT: Word = Word::new("被检查单位", "ཞིབ་བཤེར་བྱེད་ཡུལ།");
/// The exact place.
pub const PLACE: Word = Word::new("具体地点", "ས་གནས་ངེས་ཅན།");
/// The day of the check.
pub const CHECK_DAY: Word = Word::new("检查日期", "ཞིབ་བཤེར་ཚེས་གྲངས།");
/// The day of the recheck.
pub const RECHECK_DAY: Word = Word::new("复查日期", "བསྐྱར་ཞིབ་ཚེས་གྲངས།");
/// Column: number.
pub const NUMBER: Word = Word::new("序号", "ཨང་རིམ།");
/// Column: what is wrong.
pub const HAZARD: Word = Word::new("隐患", "ཉེན་ཁ།");
/// Column: what has to be done, after which clause.
pub const DEMAND: Word = Word::new("整改要求", "ལེགས་བཅོས་རེ་བ།");
/// Column: until when.
pub const DEADLINE: Word = Word::new("整改期限", "ལེགས་བཅོས་དུས་བཀག");
/// What the notice is, and is not.
pub const NOTICE_ONLY: Word = Word::new(
    "本单为告知，不是行政命令，不是处罚决定。需要责令改正的，由消防救援机构、公安机关等依法决定。请按期整改，保障自己和他人安全；整改中有困难，请与我们联系。",
    "འདི་ནི་བརྡ་ཐོ་ཙམ་ཡིན་པ་ལས་སྲིད་འཛིན་བཀའ་རྒྱ་མིན། དུས་ཐོག་ལེགས་བཅོས་བྱེད་རོགས། དཀའ་ངལ་ཡོད་ན་ང་ཚོར་འབྲེལ་བ་བྱེད་རོགས།",
);
/// An officer, where they sign.
pub const OFFICER_SIGNS: Word = Word::new("检查人员（签名）", "ཞིབ་བཤེར་མི་སྣ། (མིང་རྟགས།)");
/// The recipient, where they sign.
pub const RECIPIENT_SIGNS: Word = Word::new("被检查单位签收（签名）", "བདག་སྤྲོད་མཁན། (མིང་རྟགས།)");
/// The box that is ticked when the recipient does not sign.
pub const REFUSED: Word = Word::new("□ 拒绝签收　　见证人（签名）：", "□ མིང་རྟགས་མི་འགོད། དཔང་པོ།");
