//! Passwords and sessions, when two things happen to one account at once.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::sync::{Arc, Barrier, Mutex};

use tahuang_app::{App, Asker, Clock, MasterKey, SignInError};
use tahuang_testkit::{Office, SeededIds, SteppingClock, area};

const OLD: &str = "Plateau-4500";
const NEW: &str = "Another-5000";

/// What happens while a password is hashed: the clock is asked right after it.
#[derive(Default)]
struct Meanwhile {
    clock: SteppingClock,
    act: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Clock for Meanwhile {
    fn now_ms(&self) -> i64 {
        let act = self.act.lock().unwrap().take();
        if let Some(act) = act {
            act();
        }
        self.clock.now_ms()
    }
}

struct Desk {
    app: Arc<App>,
    meanwhile: Arc<Meanwhile>,
    _office: Office,
}

impl Desk {
    /// An office with the account `grid`.
    fn new() -> Self {
        let office = Office::new();
        let meanwhile = Arc::new(Meanwhile::default());
        let (store, files) = (Arc::clone(office.app.store()), Arc::clone(office.app.files()));
        let knowledge = Arc::clone(office.app.knowledge());
        let clock: Arc<dyn Clock> = Arc::clone(&meanwhile) as _;
        let app =
            App::start(store, files, knowledge, clock, Arc::new(SeededIds::default()), MasterKey([7; 16])).unwrap();
        make(&app, "grid").unwrap();
        Self { app: Arc::new(app), meanwhile, _office: office }
    }

    fn meanwhile(&self, act: impl FnOnce(&App) + Send + 'static) {
        let app = Arc::clone(&self.app);
        *self.meanwhile.act.lock().unwrap() = Some(Box::new(move || act(&app)));
    }

    fn failures(&self) -> u32 {
        self.app.store().credentials("grid").unwrap().unwrap().failures
    }
}

fn make(app: &App, login: &str) -> Result<String, SignInError> {
    app.create_account(&Asker::Console, login, "索朗旺堆", "grid_worker", area("542521100001001"), Some(OLD))
}

fn reset(app: &App) {
    app.reset_password(&Asker::Console, "grid", Some(NEW)).unwrap();
}

#[test]
fn a_password_that_is_reset_while_the_old_one_is_checked_stays_reset_and_opens_no_session() {
    let desk = Desk::new();
    // A good sign-in after a bad one writes the credentials too.
    assert_eq!(desk.app.sign_in("grid", "wrong"), Err(SignInError::BadCredentials));
    desk.meanwhile(reset);
    assert_eq!(desk.app.sign_in("grid", OLD), Err(SignInError::BadCredentials));
    assert_eq!(desk.failures(), 0, "what was neither right nor wrong is not counted");
    assert_eq!(desk.app.sign_in("grid", OLD), Err(SignInError::BadCredentials));
    desk.app.sign_in("grid", NEW).unwrap();
}

#[test]
fn a_password_that_is_reset_while_its_owner_changes_it_stays_reset() {
    let desk = Desk::new();
    let (token, _) = desk.app.sign_in("grid", OLD).unwrap();
    desk.meanwhile(reset);
    let changed = desk.app.change_password("grid", &token, OLD, "Somebody-6000");
    assert_eq!(changed, Err(SignInError::BadCredentials));
    assert!(desk.app.session(&token).unwrap().is_none());
    desk.app.sign_in("grid", NEW).unwrap();
}

#[test]
fn an_account_that_is_disabled_while_its_password_is_checked_gets_no_session() {
    let desk = Desk::new();
    desk.meanwhile(|app| app.disable_account(&Asker::Console, "grid").unwrap());
    assert_eq!(desk.app.sign_in("grid", OLD), Err(SignInError::BadCredentials));
    assert_eq!(desk.failures(), 1, "answered like a wrong password in every respect");
    desk.app.enable_account(&Asker::Console, "grid").unwrap();
    desk.app.sign_in("grid", OLD).unwrap();
}

#[test]
fn a_session_that_is_ended_while_its_password_is_changed_stays_ended() {
    let desk = Desk::new();
    let (token, _) = desk.app.sign_in("grid", OLD).unwrap();
    let ended = token.clone();
    desk.meanwhile(move |app| app.sign_out(&ended).unwrap());
    desk.app.change_password("grid", &token, OLD, NEW).unwrap();
    assert!(desk.app.session(&token).unwrap().is_none());
}

#[test]
fn of_two_accounts_made_at_once_with_one_login_one_is_made() {
    let desk = Desk::new();
    for round in 0..5 {
        let (login, ready) = (format!("worker{round}"), Barrier::new(2));
        let made = std::thread::scope(|scope| {
            let make = || {
                ready.wait();
                make(&desk.app, &login)
            };
            let other = scope.spawn(make);
            [make(), other.join().unwrap()]
        });
        assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1, "{made:?}");
        assert!(made.contains(&Err(SignInError::LoginTaken)), "{made:?}");
        let entries = desk.app.memory().accounts.values().filter(|account| account.login == login).count();
        assert_eq!(entries, 1, "and one register entry");
    }
}

#[test]
fn a_login_that_nobody_has_is_locked_and_unlocked_like_one_that_somebody_has() {
    let desk = Desk::new();
    let shape = |said: Result<_, SignInError>| match said {
        Err(SignInError::BadCredentials) => "bad",
        Err(SignInError::Locked { .. }) => "locked",
        other => panic!("{other:?}"),
    };
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for attempt in 0..12 {
        if attempt == 7 {
            // The tests' clock goes one second further each time it is asked.
            (0..900).for_each(|_| _ = desk.app.clock().now_ms());
        }
        known.push(shape(desk.app.sign_in("grid", "wrong")));
        unknown.push(shape(desk.app.sign_in("nobody", "wrong")));
    }
    let (bad, locked) = ("bad", "locked");
    assert_eq!(known, [bad, bad, bad, bad, locked, locked, locked, bad, bad, bad, bad, locked]);
    assert_eq!(unknown, known);
}

#[test]
fn a_password_that_would_be_too_long_to_sign_in_with_is_refused_when_it_is_set() {
    let desk = Desk::new();
    let (token, _) = desk.app.sign_in("grid", OLD).unwrap();
    let long = |bytes: usize| format!("{OLD}{}", "x".repeat(bytes - OLD.len()));
    let change = |new: &str| desk.app.change_password("grid", &token, OLD, new);
    assert_eq!(change(&long(1_001)), Err(SignInError::WeakPassword));
    let reset = desk.app.reset_password(&Asker::Console, "grid", Some(&long(1_001)));
    assert_eq!(reset, Err(SignInError::WeakPassword));
    change(&long(1_000)).unwrap();
    desk.app.sign_in("grid", &long(1_000)).unwrap();
}
