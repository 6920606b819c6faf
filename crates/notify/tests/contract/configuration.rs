//! What is taken for a channel, and what is refused with its reason.

use tahuang_notify::channel::{ChannelType, Way};

use crate::telling::channel;

#[test]
fn a_mistake_in_a_channel_says_which_channel_and_what_is_wrong_and_never_the_secret() {
    let mail = "type = \"smtp\"\nurl = \"smtps://mail.example\"\nfrom = \"a@example.org\"";
    let table = [
        ("type = \"wecom\"\nurl = \"ftp://x/?key=1\"".to_owned(), "http"),
        ("type = \"wecom\"\nurl = \"https://x/send\"".to_owned(), "key="),
        ("type = \"dingtalk\"\nurl = \"https://x/send?key=1\"".to_owned(), "access_token="),
        ("type = \"wecom\"\nurl = \"https://x/send?key=1\"\nsecret = \"s\"".to_owned(), "no secret"),
        ("type = \"webhook\"\nurl = \"https://x/\"".to_owned(), "whsec_"),
        ("type = \"webhook\"\nurl = \"https://x/\"\nsecret = \"topsecret\"".to_owned(), "whsec_"),
        ("type = \"wecom\"\nurl = \"env:TAHUANG_NOT_SET\"".to_owned(), "TAHUANG_NOT_SET is not set"),
        ("type = \"wecom\"\nurl = \"file:absent.url\"".to_owned(), "absent.url"),
        ("type = \"wecom\"\nurl = \"https://x/?key=1\"\nkinds = [\"hazrd\"]".to_owned(), "no kind hazrd"),
        ("type = \"wecom\"\nurl = \"https://x/?key=1\"\nlanguage = \"fr\"".to_owned(), "no language fr"),
        ("type = \"wecom\"\nurl = \"https://x/?key=1\"\nquiet = \"night\"".to_owned(), "22:00-07:00"),
        ("type = \"wecom\"\nurl = \"https://x/?key=1\"\nrecipients = [\"a@example.org\"]".to_owned(), "only mail"),
        ("type = \"wecom\"\nurl = \"https://x/?key=1\"\nlogin = \"a\"".to_owned(), "of mail"),
        (mail.to_owned(), "recipients"),
        (format!("{mail}\nrecipients = [\"nobody\"]"), "nobody is no mail address"),
        (format!("{mail}\nlogin = \"a\"\nrecipients = [\"b@example.org\"]"), "belong together"),
        (
            format!("{mail}\nlogin = \"a\"\npassword = \"topsecret\"\nrecipients = [\"b@example.org\"]")
                .replace("smtps", "smtp"),
            "not sent without TLS",
        ),
        (format!("{mail}\nrecipients = [\"b@example.org\"]").replace("smtps", "imap"), "smtp://"),
    ];
    for (lines, what) in table {
        let error = channel(&lines).unwrap_err();
        assert!(error.problem.contains(what), "{lines}: {error}");
        assert!(error.to_string().starts_with("channel duty: ") && !error.to_string().contains("topsecret"), "{error}");
    }
}

#[test]
fn secrets_come_from_the_environment_and_are_never_printed() {
    let webhook =
        "type = \"webhook\"\nurl = \"http://10.0.0.1/hook\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"";
    let channel_of_webhook = channel(webhook).unwrap();
    assert!(matches!(&channel_of_webhook.way, Way::Webhook { key, .. } if key.len() == 24));
    assert!(channel_of_webhook.of.knows_repetitions() && !ChannelType::Smtp.knows_repetitions());
    let mail = "type = \"smtp\"\nurl = \"smtp+starttls://mail.example\"\nfrom = \"a@example.org\"\n\
                login = \"a\"\npassword = \"env:KEY\"\nrecipients = [\"b@example.org\"]";
    let channel = channel(mail).unwrap();
    let Way::Smtp(server) = &channel.way else { panic!() };
    assert_eq!((server.port, server.login.as_ref().map(|(_, password)| password.reveal())), (587, Some("opened")));
    assert!(!format!("{channel:?}").contains("opened"), "{channel:?}");
}
