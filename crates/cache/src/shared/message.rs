//! What nodes tell each other over pub/sub, as one line of text each.
//!
//! `1 <origin> <sequence> beat [<number>]` or `1 <origin> <sequence> key|prefix|namespace
//! <namespace> [<key>]` or `1 <origin> <sequence> older <namespace> <version> <key>`. The origin
//! is a number drawn from the sender's seed, in hex. Invalidations of one sender are numbered without gaps and a beat repeats the last number, so a
//! listener notices what it missed: pub/sub promises no delivery. Beats are numbered for their
//! sender, who measures by them how late it hears.

use std::collections::HashMap;
use std::sync::Arc;

use crate::Namespace;
use crate::memory::Key;

const VERSION: &str = "1";
const MOST_ORIGINS: usize = 256;

/// What an invalidation covers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    Key(Key),
    /// What a key shows, unless that is of this version or a later one.
    Older(Key, i64),
    Prefix(Namespace, Arc<str>),
    Namespace(Namespace),
}

impl Scope {
    pub(crate) fn namespace(&self) -> Namespace {
        match self {
            Self::Key(key) | Self::Older(key, _) => key.namespace,
            Self::Prefix(namespace, _) | Self::Namespace(namespace) => *namespace,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) origin: u64,
    pub(crate) sequence: u64,
    /// `None` is a beat.
    pub(crate) scope: Option<Scope>,
}

impl Message {
    pub(crate) fn encode(&self) -> String {
        let head = format!("{VERSION} {:x} {}", self.origin, self.sequence);
        match &self.scope {
            None => format!("{head} beat"),
            Some(Scope::Key(key)) => format!("{head} key {} {}", key.namespace, key.name),
            Some(Scope::Older(key, version)) => format!("{head} older {} {version} {}", key.namespace, key.name),
            Some(Scope::Prefix(namespace, prefix)) => format!("{head} prefix {namespace} {prefix}"),
            Some(Scope::Namespace(namespace)) => format!("{head} namespace {namespace}"),
        }
    }

    pub(crate) fn encode_beat(&self, number: u64) -> String {
        format!("{} {number}", self.encode())
    }

    /// The number of a beat that `origin` sent.
    pub(crate) fn own_beat(text: &str, origin: u64) -> Option<u64> {
        let head = format!("{VERSION} {origin:x} ");
        let (_, number) = text.strip_prefix(&head)?.split_once(" beat ")?;
        number.parse().ok()
    }

    /// `None` for what this version cannot read.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let mut words = text.splitn(6, ' ');
        if words.next()? != VERSION {
            return None;
        }
        let origin = u64::from_str_radix(words.next()?, 16).ok()?;
        let sequence = words.next()?.parse().ok()?;
        let kind = words.next()?;
        if kind == "beat" {
            return Some(Self { origin, sequence, scope: None });
        }
        let namespace = words.next()?.parse().ok()?;
        let scope = match (kind, words.next()) {
            ("namespace", None) => Scope::Namespace(namespace),
            ("key", Some(name)) => Scope::Key(Key { namespace, name: name.into() }),
            ("older", Some(rest)) => {
                let (version, name) = rest.split_once(' ')?;
                Scope::Older(Key { namespace, name: name.into() }, version.parse().ok()?)
            }
            ("prefix", Some(prefix)) => Scope::Prefix(namespace, prefix.into()),
            _ => return None,
        };
        Some(Self { origin, sequence, scope: Some(scope) })
    }
}

/// The last number heard from each sender.
#[derive(Default)]
pub(crate) struct Sequences {
    last: HashMap<u64, u64>,
}

impl Sequences {
    /// Whether messages of this sender were missed before this one.
    pub(crate) fn missed_before(&mut self, message: &Message) -> bool {
        if self.last.len() >= MOST_ORIGINS && !self.last.contains_key(&message.origin) {
            // Restarted nodes leave their numbers behind. The living are heard anew, and each
            // makes this node forget once.
            self.last.clear();
        }
        // Of a sender never heard before nothing was heard either: had it nothing to say, its
        // numbers begin at nought.
        let last = self.last.entry(message.origin).or_insert(0);
        let expected = *last + u64::from(message.scope.is_some());
        *last = message.sequence.max(*last);
        message.sequence > expected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(sequence: u64, scope: Option<Scope>) -> Message {
        Message { origin: 0xda_bba, sequence, scope }
    }

    #[test]
    fn messages_survive_the_wire() {
        let key = Key { namespace: Namespace::Orders, name: "list page 2 {x}".into() };
        let scopes = [
            None,
            Some(Scope::Key(key.clone())),
            Some(Scope::Older(key, 7)),
            Some(Scope::Prefix(Namespace::MenuItems, "".into())),
            Some(Scope::Namespace(Namespace::Static)),
        ];
        for scope in scopes {
            let sent = message(3, scope);
            assert_eq!(Message::decode(&sent.encode()), Some(sent));
        }
        assert_eq!(message(4, None).encode(), "1 dabba 4 beat");
        for noise in [
            "",
            "2 a 1 beat",
            "1 a x beat",
            "1 a 1 key orders",
            "1 a 1 key nowhere k",
            "1 a 1 sing orders k",
            "1 a 1 older orders k",
        ] {
            assert_eq!(Message::decode(noise), None, "{noise}");
        }
    }

    #[test]
    fn gaps_are_noticed_by_the_next_message_or_beat() {
        let scope = || Some(Scope::Namespace(Namespace::Static));
        let mut sequences = Sequences::default();
        assert!(sequences.missed_before(&message(7, None)), "seven were never heard");
        assert!(!sequences.missed_before(&message(8, scope())));
        assert!(!sequences.missed_before(&message(8, None)));
        assert!(sequences.missed_before(&message(9, None)), "number 9 was never heard");
        assert!(sequences.missed_before(&message(11, scope())));
        assert!(!sequences.missed_before(&message(10, scope())), "late, but it is applied now");
        assert!(!sequences.missed_before(&message(12, scope())));
    }

    #[test]
    fn a_new_sender_is_followed_from_its_first_message() {
        let scope = || Some(Scope::Namespace(Namespace::Static));
        assert!(!Sequences::default().missed_before(&message(0, None)));
        assert!(!Sequences::default().missed_before(&message(1, scope())));
        assert!(Sequences::default().missed_before(&message(1, None)), "its first message was lost");
        assert!(Sequences::default().missed_before(&message(2, scope())));
    }

    #[test]
    fn a_node_knows_its_own_beats_by_their_numbers() {
        let beat = message(4, None).encode_beat(9);
        assert_eq!(beat, "1 dabba 4 beat 9");
        assert_eq!(Message::decode(&beat), Some(message(4, None)));
        assert_eq!(Message::own_beat(&beat, 0xda_bba), Some(9));
        assert_eq!(Message::own_beat(&beat, 0xda_bbb), None);
        assert_eq!(Message::own_beat(&message(4, None).encode(), 0xda_bba), None);
    }
}
