//! The fields of an account, read strictly and brought into one form.
//!
//! Passwords follow NIST SP 800-63B: a length, no rules of composition, and not one of those that everybody tries first.

use domain::rule::Rule;

use crate::error::Error;

const LONGEST_NAME: usize = 120;
const SHORTEST_PASSWORD: usize = 8;
const LONGEST_PASSWORD: usize = 128;

/// The commonest passwords that are long enough to be chosen here, in lower case.
const COMMON: &str = "\
    00000000 11111111 11223344 12121212 123123123 1234567890 123456789 12345678 12344321 1q2w3e4r 1q2w3e4r5t \
    1qaz2wsx 22222222 55555555 66666666 87654321 88888888 987654321 9876543210 99999999 a1234567 a12345678 \
    aa123456 aaaaaaaa abc12345 abcd1234 abcd@1234 abcdefgh access123 admin123 admin@123 administrator asdf1234 \
    asdfasdf asdfghjk asdfghjkl baseball bismillah changeme charlie1 computer dabba123 dabba@123 dragon123 \
    football ganesha1 hanuman1 happy123 hello123 iloveyou iloveyou1 india123 india@123 internet jaimatadi \
    jaishreeram jennifer krishna1 krishna123 letmein1 liverpool login123 mahadev1 master123 michelle monkey123 \
    mynoob123 omnamahshivaya omsairam p@ssw0rd p@ssword pass1234 pass@123 pass@1234 passw0rd password password! \
    password1 password12 password123 password@1 password@123 princess princess1 q1w2e3r4 qazwsxedc qwer1234 \
    qwerty12 qwerty123 qwertyui qwertyuiop radheradhe saibaba1 samsung1 secret123 shadow123 starwars sunshine \
    sunshine1 superman superman1 test1234 test@123 trustno1 user1234 welcome1 welcome123 welcome@123 whatever \
    zaq12wsx zxcvbnm1 zxcvbnm123";

/// A person's name: 1 to 120 characters after trimming, none of them invisible.
pub(crate) fn name(text: &str) -> Result<String, Error> {
    let text = text.trim();
    let long = text.chars().count() > LONGEST_NAME;
    if text.is_empty() || long || text.chars().any(char::is_control) {
        return Err(Rule::WrongFormat.at("/name").with("min", 1).with("max", 120).into());
    }
    Ok(text.to_owned())
}

/// A login or e-mail address: trimmed, lower case, 3 to 64 visible ASCII characters, so that no two look alike.
pub(super) fn login(text: &str) -> Result<String, Error> {
    let text = text.trim().to_ascii_lowercase();
    if !(3..=64).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Rule::WrongFormat.at("/login").with("min", 3).with("max", 64).into());
    }
    Ok(text)
}

/// An Indian mobile number, as E.164.
pub(crate) fn phone(text: &str) -> Result<String, Error> {
    let phone = india::Mobile::parse(text).map_err(|_| Rule::WrongFormat.at("/phone"))?;
    Ok(phone.as_str().to_owned())
}

/// Whether this may become a password: 8 to 128 characters, not a common one, not the login itself.
pub(super) fn check_password(password: &str, login: &str) -> Result<(), Error> {
    let wrong = |reason: &'static str| {
        let broken = Rule::WrongFormat.at("/password").with("min", 8).with("max", 128);
        Err(broken.with("reason", reason).into())
    };
    if !(SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&password.chars().count()) {
        return wrong("length");
    }
    let folded = password.trim().to_lowercase();
    if folded == login || folded == login.split('@').next().unwrap_or_default() {
        return wrong("same-as-login");
    }
    if COMMON.split(' ').any(|common| common == folded) { wrong("common") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{COMMON, SHORTEST_PASSWORD, check_password, login, name};

    #[test]
    fn logins_come_into_one_form() {
        assert_eq!(login("  Asha@Example.IN ").unwrap(), "asha@example.in");
        for text in ["ab", "as ha", "аsha", "a\u{200b}sha", "", &"a".repeat(65)] {
            assert!(login(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_are_trimmed_and_visible() {
        assert_eq!(name(" आशा राव ").unwrap(), "आशा राव");
        for text in ["", "   ", "a\0b", "line\nbreak", &"n".repeat(121)] {
            assert!(name(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn weak_passwords_are_refused() {
        for text in ["seven77", "Password", "asha-rao", "ASHA-RAO", "asha-rao@example.in", &"x".repeat(129)] {
            assert!(check_password(text, "asha-rao@example.in").is_err(), "{text}");
        }
        for text in ["masala dosa", &"x".repeat(128), "आशा राव १२३"] {
            assert!(check_password(text, "asha-rao@example.in").is_ok(), "{text}");
        }
    }

    #[test]
    fn the_common_ones_could_have_been_chosen() {
        assert!(COMMON.split(' ').all(|text| text.len() >= SHORTEST_PASSWORD && text == text.to_lowercase()));
    }
}
