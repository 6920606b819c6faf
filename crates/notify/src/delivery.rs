//! The life of one message on its way out.
//!
//! waiting → sending → delivered | waiting | failed | uncertain; a person sends again or dismisses what ended otherwise
//! than delivered. **Architecture invariant:** a message that may have gone out over a channel without repetitions is
//! never sent again but by a person.

use tahuang_store::{DeliveryState, DeliveryStep};

use crate::channel::ChannelType;
use crate::limits;
use crate::quiet::Quiet;
use crate::verdict::Verdict;

use DeliveryState::{Delivered, Dismissed, Failed, Sending, Uncertain, Waiting};

/// What does not change of a message, as far as its way goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Course {
    /// The type of its channel.
    pub of: ChannelType,
    /// When the channel keeps quiet; `None` for an emergency, or a channel that never does.
    pub quiet: Option<Quiet>,
    /// When the message was written.
    pub written_at: i64,
}

/// What a person can decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hand {
    /// Send it again.
    Again,
    /// Let it be.
    Dismiss,
}

impl Hand {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Again, Self::Dismiss];

    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Again => "retry",
            Self::Dismiss => "dismiss",
        }
    }
}

impl Course {
    /// A message as it is written.
    pub fn begin(self) -> DeliveryStep {
        let next_at = self.not_before(self.written_at);
        DeliveryStep { state: Waiting, attempts: 0, next_at, since: self.written_at, answer: String::new() }
    }

    /// A message that found no place in a channel's queue: kept where it is seen.
    pub fn turned_away(self) -> DeliveryStep {
        let answer = "queue_full".to_owned();
        DeliveryStep { state: Failed, answer, ..self.begin() }
    }

    fn not_before(self, at: i64) -> i64 {
        self.quiet.map_or(at, |quiet| quiet.over_at(at))
    }

    /// What is written before the message is handed to the network; `None` when it may not be sent at this moment.
    pub fn take(self, step: &DeliveryStep, now: i64) -> Option<DeliveryStep> {
        if step.state != Waiting || step.next_at > now || self.not_before(now) > now {
            return None;
        }
        Some(DeliveryStep { state: Sending, attempts: step.attempts + 1, since: now, ..step.clone() })
    }

    /// What is written of the answer.
    pub fn settle(self, step: &DeliveryStep, verdict: &Verdict, wait_ms: i64, now: i64) -> DeliveryStep {
        let (state, answer) = match verdict {
            Verdict::Delivered { answer } => (Delivered, answer),
            Verdict::Refused { answer } => (Failed, answer),
            Verdict::Unknown { answer } if !self.of.knows_repetitions() => (Uncertain, answer),
            Verdict::Unknown { answer } | Verdict::Later { answer, .. } if self.is_over(step, now) => (Failed, answer),
            Verdict::Unknown { answer } | Verdict::Later { answer, .. } => (Waiting, answer),
        };
        let hold_ms = match verdict {
            Verdict::Later { hold_ms: Some(hold_ms), .. } => *hold_ms,
            _ => wait_ms,
        };
        let next_at = if state == Waiting { self.not_before(now + hold_ms) } else { step.next_at };
        DeliveryStep { state, attempts: step.attempts, next_at, since: now, answer: answer.clone() }
    }

    /// Whether it was tried often enough, or for long enough. The first tries after a person sent it again are free.
    fn is_over(self, step: &DeliveryStep, now: i64) -> bool {
        let old = now - self.written_at > limits::AGE_MS_MAX && step.attempts >= limits::ATTEMPTS_MIN;
        old || step.attempts >= limits::ATTEMPTS_MAX
    }

    /// What becomes of a message that was being sent when the program ended.
    pub fn recover(self, step: &DeliveryStep, now: i64) -> DeliveryStep {
        let state = if self.of.knows_repetitions() { Waiting } else { Uncertain };
        interrupted(step, state, now)
    }
}

/// The same for a channel that is not configured any more.
pub fn orphaned(step: &DeliveryStep, now: i64) -> DeliveryStep {
    interrupted(step, Uncertain, now)
}

/// What becomes of a message that waited in a copy of the data: it may have gone out since the copy was made.
pub fn restored(step: &DeliveryStep, now: i64) -> DeliveryStep {
    let answer = "restored".to_owned();
    DeliveryStep { state: Uncertain, since: now, answer, ..step.clone() }
}

fn interrupted(step: &DeliveryStep, state: DeliveryState, now: i64) -> DeliveryStep {
    // `since` stays: the moment of the try still counts for the channel's pace.
    DeliveryStep { state, next_at: now, answer: "interrupted".to_owned(), ..step.clone() }
}

/// What a person's decision makes of a message; `None` when there is nothing to decide.
pub fn by_hand(step: &DeliveryStep, hand: Hand, now: i64) -> Option<DeliveryStep> {
    match (hand, step.state) {
        (Hand::Again, Failed | Uncertain | Dismissed) => {
            Some(DeliveryStep { state: Waiting, attempts: 0, next_at: now, since: now, answer: step.answer.clone() })
        }
        (Hand::Dismiss, Waiting | Failed | Uncertain) => {
            Some(DeliveryStep { state: Dismissed, since: now, ..step.clone() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

    fn course(of: ChannelType) -> Course {
        Course { of, quiet: None, written_at: 1_000 }
    }

    fn later() -> Verdict {
        Verdict::Later { answer: "busy".to_owned(), hold_ms: None }
    }

    fn unknown() -> Verdict {
        Verdict::Unknown { answer: "timeout".to_owned() }
    }

    #[test]
    fn a_message_goes_its_way_step_by_step() {
        let course = course(ChannelType::Wecom);
        let waiting = course.begin();
        let sending = course.take(&waiting, 2_000).unwrap();
        assert_eq!((sending.state, sending.attempts), (Sending, 1));
        assert_eq!(course.take(&sending, 2_000), None, "nothing is taken twice");
        let again = course.settle(&sending, &later(), 30_000, 3_000);
        assert_eq!((again.state, again.next_at), (Waiting, 33_000));
        assert_eq!(course.take(&again, 32_999), None);
        let sending = course.take(&again, 33_000).unwrap();
        let delivered = course.settle(&sending, &Verdict::Delivered { answer: "ok".to_owned() }, 0, 34_000);
        assert_eq!((delivered.state, delivered.attempts, delivered.answer.as_str()), (Delivered, 2, "ok"));
        for hand in [Hand::Again, Hand::Dismiss] {
            assert_eq!(by_hand(&delivered, hand, 40_000), None, "what arrived is done");
            assert_eq!(by_hand(&sending, hand, 40_000), None, "what is on its way is out of reach");
        }
    }

    #[test]
    fn what_may_have_arrived_is_sent_again_only_where_repetitions_are_known() {
        for of in [ChannelType::Wecom, ChannelType::Dingtalk, ChannelType::Smtp, ChannelType::Webhook] {
            let expected = if of == ChannelType::Webhook { Waiting } else { Uncertain };
            let course = course(of);
            let sending = course.take(&course.begin(), 2_000).unwrap();
            assert_eq!(course.settle(&sending, &unknown(), 1, 3_000).state, expected, "{of:?}, no answer");
            assert_eq!(course.recover(&sending, 3_000).state, expected, "{of:?}, a crash");
        }
    }

    #[test]
    fn a_message_is_tried_so_often_and_for_so_long_and_then_a_person_sees_it() {
        let course = course(ChannelType::Webhook);
        let mut step = course.begin();
        let mut now = 2_000;
        while step.state == Waiting {
            step = course.take(&step, now).unwrap();
            step = course.settle(&step, &unknown(), 1_000, now);
            now += 1_000;
        }
        assert_eq!((step.state, step.attempts), (Failed, limits::ATTEMPTS_MAX));
        // An old message has a few tries more when a person sends it again.
        let again = by_hand(&step, Hand::Again, 3 * DAY_MS).unwrap();
        let sending = course.take(&again, 3 * DAY_MS).unwrap();
        assert_eq!(course.settle(&sending, &later(), 1, 3 * DAY_MS).state, Waiting);
        let old = DeliveryStep { attempts: limits::ATTEMPTS_MIN, ..sending };
        assert_eq!(course.settle(&old, &later(), 1, 3 * DAY_MS).state, Failed);
    }

    #[test]
    fn quiet_hours_hold_a_message_back_and_an_emergency_passes() {
        // 20 August 2025, 23:00 where the system is used; and seven in the morning.
        let (night, morning) = (1_755_702_000_000, 1_755_730_800_000);
        let calm = Course { of: ChannelType::Wecom, quiet: Some(Quiet::default()), written_at: night };
        assert_eq!(calm.begin().next_at, morning);
        assert_eq!(calm.take(&calm.begin(), night + 1), None);
        assert!(calm.take(&calm.begin(), morning).is_some());
        let urgent = Course { quiet: None, ..calm };
        assert!(urgent.take(&urgent.begin(), night).is_some());
        // Tried in the evening and put off into the night, it waits for the morning; and so it does by hand.
        let evening = night - 70 * 60 * 1_000;
        let course = Course { written_at: evening, ..calm };
        let sending = course.take(&course.begin(), evening).unwrap();
        assert_eq!(course.settle(&sending, &later(), 30 * 60 * 1_000, evening).next_at, morning);
        let again = by_hand(&course.settle(&sending, &unknown(), 1, evening), Hand::Again, night).unwrap();
        assert_eq!(course.take(&again, night), None);
    }

    proptest! {
        #[test]
        fn a_robot_is_never_asked_again_after_it_may_have_taken_a_message(
            moves in proptest::collection::vec(0_u8..6, 1..60),
        ) {
            let course = course(ChannelType::Dingtalk);
            let (mut step, mut now, mut may_be_there) = (course.begin(), 1_000, false);
            for chosen in moves {
                now += limits::BACKOFF_MAX_MS;
                if let Some(taken) = course.take(&step, now) {
                    prop_assert!(!may_be_there, "sent again on its own");
                    step = match chosen {
                        0 => course.settle(&taken, &later(), 1, now),
                        1 => course.settle(&taken, &unknown(), 1, now),
                        2 => course.recover(&taken, now),
                        3 => course.settle(&taken, &Verdict::Refused { answer: String::new() }, 1, now),
                        _ => course.settle(&taken, &Verdict::Delivered { answer: String::new() }, 1, now),
                    };
                    may_be_there = matches!(chosen, 1 | 2 | 4 | 5);
                    prop_assert!(step.state != Sending, "every answer moves it on");
                } else if chosen == 5 && let Some(again) = by_hand(&step, Hand::Again, now) {
                    step = again;
                    may_be_there = false;
                }
            }
        }
    }
}
