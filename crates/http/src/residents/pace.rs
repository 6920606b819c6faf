//! How often one address may send a form: a few at once, then one in a while. Whoever proves work may send more often,
//! since a village behind one address of its mobile network is many people.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use super::limits;

/// How often is not too often.
#[derive(Clone, Copy, Debug)]
struct Pace {
    at_once: i64,
    ms_each: i64,
}

const WITH_PROOF: Pace = Pace { at_once: 30, ms_each: 10_000 };
const WITHOUT_PROOF: Pace = Pace { at_once: 6, ms_each: 60_000 };

/// When each address has sent, as the moment at which its allowance will be whole again.
#[derive(Default)]
pub struct Paces {
    whole_at: Mutex<HashMap<(IpAddr, bool), i64>>,
}

impl Paces {
    /// Counts a form that was sent at this moment, in milliseconds since 1970.
    ///
    /// # Errors
    /// The seconds to wait when it is too soon; then it is not counted.
    pub fn count(&self, address: IpAddr, worked: bool, now: i64) -> Result<(), i64> {
        let pace = if worked { WITH_PROOF } else { WITHOUT_PROOF };
        let mut whole_at = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (network(address), worked);
        let full = pace.at_once * pace.ms_each;
        if !whole_at.contains_key(&key) && whole_at.len() >= limits::SENDERS_MAX {
            whole_at.retain(|_, whole| *whole > now);
            if whole_at.len() >= limits::SENDERS_MAX {
                // So many senders within minutes are no residents; whoever comes newly waits a little.
                return Err(pace.ms_each / 1_000);
            }
        }
        let whole = whole_at.get(&key).copied().unwrap_or(now).max(now);
        let after = whole + pace.ms_each;
        if after - now > full {
            return Err((after - now - full) / 1_000 + 1);
        }
        whole_at.insert(key, after);
        Ok(())
    }
}

/// One customer of a provider: an address, or in version 6 the network that it is given.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let mut octets = six.octets();
            octets[8..].fill(0);
            IpAddr::from(octets)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([198, 51, 100, last])
    }

    #[test]
    fn a_few_at_once_and_then_one_in_a_while() {
        let paces = Paces::default();
        for _ in 0..WITHOUT_PROOF.at_once {
            assert_eq!(paces.count(address(1), false, 1_000_000), Ok(()));
        }
        assert_eq!(paces.count(address(1), false, 1_000_000), Err(61));
        assert_eq!(paces.count(address(2), false, 1_000_000), Ok(()), "others are not held up");
        assert_eq!(paces.count(address(1), true, 1_000_000), Ok(()), "nor is who proves work");
        let later = 1_000_000 + WITHOUT_PROOF.ms_each;
        assert_eq!(paces.count(address(1), false, later), Ok(()));
        assert!(paces.count(address(1), false, later).is_err());
    }

    #[test]
    fn what_was_turned_away_makes_nobody_wait_longer() {
        let paces = Paces::default();
        for _ in 0..1_000 {
            _ = paces.count(address(1), false, 0);
        }
        assert_eq!(paces.count(address(1), false, WITHOUT_PROOF.ms_each), Ok(()));
    }

    #[test]
    fn the_addresses_of_one_network_are_one_sender() {
        let paces = Paces::default();
        let of = |last: u16| IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, last]);
        for last in 0..WITHOUT_PROOF.at_once {
            assert_eq!(paces.count(of(last as u16), false, 0), Ok(()));
        }
        assert!(paces.count(of(999), false, 0).is_err());
    }

    #[test]
    fn no_more_senders_are_remembered_than_there_is_room_for() {
        let paces = Paces::default();
        for sender in 0..limits::SENDERS_MAX as u32 + 10 {
            let told = paces.count(IpAddr::from(sender.to_be_bytes()), false, 0);
            assert_eq!(told.is_ok(), sender < limits::SENDERS_MAX as u32);
        }
        assert!(paces.whole_at.lock().unwrap().len() <= limits::SENDERS_MAX);
        let later = WITHOUT_PROOF.ms_each * 2;
        assert_eq!(paces.count(address(1), false, later), Ok(()), "once they are gone there is room again");
    }
}
