//! Invalidations that Redis and the other nodes have not been told yet.
//!
//! An invalidation is noted here before anything else happens and leaves only when Redis has
//! confirmed it, so neither a cancelled caller nor a dead Redis loses it. What is noted here is
//! not read from Redis meanwhile. When a namespace has too many, they become one for all of it.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::memory::KeyRef;
use crate::shared::message::Scope;

/// More than this many notes collapse into whole namespaces.
const MOST_NOTES: usize = 4_096;

#[derive(Default)]
struct Notes {
    /// Each scope with the number of its latest note.
    scopes: HashMap<Scope, u64>,
    next_number: u64,
}

#[derive(Default)]
pub(crate) struct Pending {
    notes: Mutex<Notes>,
}

impl Pending {
    /// Makes a note; answers its number.
    pub(crate) fn note(&self, scope: Scope) -> u64 {
        let mut notes = self.lock();
        notes.next_number += 1;
        let number = notes.next_number;
        if notes.scopes.len() >= MOST_NOTES {
            let namespaces: HashSet<_> = notes.scopes.keys().map(Scope::namespace).collect();
            notes.scopes = namespaces.into_iter().map(|namespace| (Scope::Namespace(namespace), number)).collect();
        }
        notes.scopes.insert(scope, number);
        number
    }

    /// Up to `most` notes to pass on.
    pub(crate) fn batch(&self, most: usize) -> Vec<(Scope, u64)> {
        let notes = self.lock();
        notes.scopes.iter().take(most).map(|(scope, number)| (scope.clone(), *number)).collect()
    }

    /// Crosses off what was passed on, unless it was noted again meanwhile.
    pub(crate) fn passed_on(&self, batch: &[(Scope, u64)]) {
        let mut notes = self.lock();
        for (scope, number) in batch {
            if notes.scopes.get(scope) == Some(number) {
                notes.scopes.remove(scope);
            }
        }
    }

    pub(crate) fn covers(&self, key: KeyRef<'_>) -> bool {
        let notes = self.lock();
        notes.scopes.keys().any(|scope| match scope {
            Scope::Key(changed) | Scope::Older(changed, _) => changed.as_ref() == key,
            Scope::Prefix(namespace, prefix) => *namespace == key.namespace && key.name.starts_with(&**prefix),
            Scope::Namespace(namespace) => *namespace == key.namespace,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().scopes.len()
    }

    fn lock(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Namespace;

    fn key(name: &str) -> KeyRef<'_> {
        KeyRef { namespace: Namespace::Orders, name }
    }

    #[test]
    fn a_note_made_during_the_passing_on_stays() {
        let pending = Pending::default();
        pending.note(Scope::Key(key("1").to_key()));
        pending.note(Scope::Prefix(Namespace::MenuItems, "r7:".into()));
        let batch = pending.batch(10);
        pending.note(Scope::Key(key("1").to_key()));
        pending.passed_on(&batch);
        assert!(pending.covers(key("1")));
        assert!(!pending.covers(KeyRef { namespace: Namespace::MenuItems, name: "r7:dosa" }));
        pending.passed_on(&pending.batch(10));
        assert_eq!(pending.len(), 0);
    }

    #[test]
    fn too_many_notes_become_their_namespace() {
        let pending = Pending::default();
        for number in 0..=MOST_NOTES {
            pending.note(Scope::Key(key(&number.to_string()).to_key()));
        }
        assert_eq!(pending.len(), 2);
        assert!(pending.covers(key("anything")));
    }
}
