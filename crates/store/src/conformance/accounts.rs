//! Keys, credentials and sessions.

use super::hand::{Bench, Hand, lhasa, ngari, subject};
use crate::{Credentials, SealKey, Session};

pub fn a_key_is_kept_until_it_is_erased(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    let key = |number, byte: u8| SealKey { subject: subject(number), wrapped: vec![byte; 44] };
    let mut commit = hand.draft();
    hand.append(&mut commit, subject(1));
    commit.keys = vec![key(1, 7), key(2, 8)];
    hand.send(&commit);
    let stored = |number| bench.store.seal_key(ngari(), subject(number)).unwrap();
    assert_eq!((stored(1), stored(2), stored(3)), (Some(vec![7; 44]), Some(vec![8; 44]), None));
    assert_eq!(bench.store.seal_key(lhasa(), subject(1)).unwrap(), None);
    assert!(bench.store.any_seal_key().unwrap().is_some_and(|(prefecture, _)| prefecture == ngari()));

    let mut commit = hand.draft();
    hand.append(&mut commit, subject(1));
    commit.erased = vec![subject(1), subject(3)];
    hand.send(&commit);
    assert_eq!((stored(1), stored(2)), (None, Some(vec![8; 44])));
}

pub fn what_is_sealed_again_in_the_commit_that_erased_its_key_has_the_new_one(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    for (byte, erased) in [(1, vec![]), (2, vec![subject(1)])] {
        let mut commit = hand.draft();
        hand.append(&mut commit, subject(1));
        commit.keys = vec![SealKey { subject: subject(1), wrapped: vec![byte; 44] }];
        commit.erased = erased;
        hand.send(&commit);
        assert_eq!(bench.store.seal_key(ngari(), subject(1)).unwrap(), Some(vec![byte; 44]));
    }
}

fn credentials(login: &str) -> Credentials {
    Credentials {
        login: login.to_owned(),
        prefecture: ngari(),
        account: subject(1),
        verifier: "$argon2id$v=19$…".to_owned(),
        failures: 0,
        locked_until: 0,
    }
}

pub fn credentials_are_replaced_and_listed_by_login(bench: Bench<'_>) {
    let store = bench.store;
    assert_eq!(store.credentials("zhaxi").unwrap(), None);
    assert_eq!(store.all_credentials().unwrap(), []);
    for login in ["zhaxi", "cering", "pema"] {
        store.put_credentials(&credentials(login)).unwrap();
    }
    let changed = Credentials {
        prefecture: lhasa(),
        account: subject(2),
        verifier: "other".to_owned(),
        failures: u32::MAX,
        locked_until: i64::MAX,
        ..credentials("cering")
    };
    store.put_credentials(&changed).unwrap();
    assert_eq!(store.credentials("cering").unwrap(), Some(changed.clone()));
    assert_eq!(store.credentials("zhaxi").unwrap(), Some(credentials("zhaxi")));
    assert_eq!(store.credentials("ZHAXI").unwrap(), None, "a login is spelt as it was given");
    assert_eq!(store.all_credentials().unwrap(), [changed, credentials("pema"), credentials("zhaxi")]);
}

pub fn sessions_end_one_by_one_or_all_of_a_login(bench: Bench<'_>) {
    let store = bench.store;
    let session =
        |byte: u8, login: &str| Session { token_hash: [byte; 32], login: login.to_owned(), expires_at: 1_000 };
    let all = [session(1, "zhaxi"), session(2, "zhaxi"), session(3, "pema"), session(4, "zhaxi")];
    all.iter().for_each(|session| store.put_session(session, 0).unwrap());
    let standing = || -> Vec<u8> { (1..=4).filter(|byte| store.session(&[*byte; 32]).unwrap().is_some()).collect() };
    assert_eq!(store.session(&[1; 32]).unwrap(), Some(all[0].clone()));
    assert_eq!(store.session(&[9; 32]).unwrap(), None);
    let later = Session { expires_at: 2_000, ..all[0].clone() };
    store.put_session(&later, 0).unwrap();
    assert_eq!(store.session(&[1; 32]).unwrap(), Some(later));

    store.end_sessions(None, None).unwrap();
    assert_eq!(standing(), [1, 2, 3, 4], "nobody was named");
    store.end_sessions(Some(&[1; 32]), None).unwrap();
    assert_eq!(standing(), [2, 3, 4]);
    store.end_sessions(None, Some("zhaxi")).unwrap();
    assert_eq!(standing(), [3]);
    store.end_sessions(None, Some("nobody")).unwrap();
    assert_eq!(standing(), [3]);
}

pub fn a_session_that_has_ended_goes_when_another_is_written(bench: Bench<'_>) {
    let store = bench.store;
    let session = |byte: u8, expires_at| Session { token_hash: [byte; 32], login: "zhaxi".to_owned(), expires_at };
    let standing = || -> Vec<u8> { (1..=4).filter(|byte| store.session(&[*byte; 32]).unwrap().is_some()).collect() };
    for (byte, expires_at) in [(1, 999), (2, 1_000), (3, 1_001)] {
        store.put_session(&session(byte, expires_at), 0).unwrap();
    }
    assert_eq!(standing(), [1, 2, 3]);
    store.put_session(&session(4, 2_000), 1_000).unwrap();
    assert_eq!(standing(), [3, 4], "a session ends at its moment, not after it");
}
