//! Why a row is not accepted. Closed, with permanent codes.

/// A reason for which a row waits to be mended. The message is Chinese: it is read by whoever keeps the ledger.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message says it")]
pub enum RowRefusal {
    #[error("与本表第{first}行除序号外完全相同")]
    Duplicate { first: u32 },
    #[error("未填“{column}”，无法确定所在区域")]
    MissingArea { column: String },
    #[error("“{name}”不在行政区划中（{within}）")]
    UnknownArea { name: String, within: String },
    #[error("“{name}”在多处重名，请填写乡（镇）")]
    AmbiguousArea { name: String },
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
    #[error("无法识别这张表：{headings}")]
    UnknownLedger { headings: String },
    #[error("缺少必填列：{missing}（未识别的列：{unknown}）")]
    MissingColumn { missing: String, unknown: String },
    #[error("{message}")]
    Domain { code: String, message: String },
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
            Self::UnknownLedger { .. } => "unknown_ledger",
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
            | Self::UnknownChoice { column, .. }
            | Self::FinishedBeforeFound { column, .. } => Some(column),
            _ => None,
        }
    }
}
