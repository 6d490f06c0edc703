//! Password hashing: Argon2id (RFC 9106), off the async threads and never more than two at a time.
//!
//! One hash takes 19 MiB and tens of milliseconds. Two permits keep a storm of logins from starving everything else;
//! a bounded queue before them says "try later" instead of growing.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::{Semaphore, TryAcquireError};

use crate::error::Error;

const AT_ONCE: usize = 2;
const WAITING: usize = 128;

/// OWASP's minimum for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The hash of nobody's password, for logins that do not exist: comparing with it costs what a real one costs. Salt and
/// output are made up, and no password is known to give them.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGtub3dzIGl0IQ$bm8gcGFzc3dvcmQgaXMga25vd24gdG8gZ2l2ZSBpdCE";

/// Hashes and compares.
pub(super) struct Passwords {
    working: Arc<Semaphore>,
    room: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { working: Arc::new(Semaphore::new(AT_ONCE)), room: Arc::new(Semaphore::new(AT_ONCE + WAITING)) }
    }
}

impl Passwords {
    /// The hash of a password in PHC format.
    pub(super) async fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, Error> {
        let password = password.to_owned();
        self.work(move || Ok(argon2()?.hash_password_with_salt(password.as_bytes(), &salt)?.to_string())).await
    }

    /// Whether a password gives a hash. Without a hash nothing does, at the same cost.
    pub(super) async fn matches(&self, password: &str, hash: Option<&str>) -> Result<bool, Error> {
        let (password, known) = (password.to_owned(), hash.is_some());
        let hash = hash.unwrap_or(NOBODY).to_owned();
        let compare = move || {
            let hash = PasswordHash::new(&hash).map_err(argon2::password_hash::Error::from)?;
            match argon2()?.verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error),
            }
        };
        Ok(self.work(compare).await? && known)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, argon2::password_hash::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let internal = |error: &dyn std::fmt::Display| Error::Internal(format!("password hashing: {error}"));
        let room = Arc::clone(&self.room).try_acquire_owned().map_err(|error| match error {
            TryAcquireError::NoPermits => Error::Unavailable("too many logins are waiting".to_owned()),
            TryAcquireError::Closed => internal(&error),
        })?;
        let turn = Arc::clone(&self.working).acquire_owned().await.map_err(|error| internal(&error))?;
        // The permits go along: a caller who leaves does not let another in before the work is done.
        let task = tokio::task::spawn_blocking(move || {
            let _held = (room, turn);
            work()
        });
        task.await.map_err(|error| internal(&error))?.map_err(|error| internal(&error))
    }
}

fn argon2() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::{AT_ONCE, NOBODY, Passwords, WAITING};
    use crate::error::Error;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let passwords = Passwords::default();
        let hash = passwords.hash("masala dosa", [7; 16]).await.unwrap();
        assert!(passwords.matches("masala dosa", Some(&hash)).await.unwrap());
        assert!(!passwords.matches("masala dosa ", Some(&hash)).await.unwrap());
        assert!(!passwords.matches("masala dosa", None).await.unwrap());
    }

    #[tokio::test]
    async fn comparing_with_nobody_costs_what_a_real_hash_costs() {
        let hash = Passwords::default().hash("masala dosa", [7; 16]).await.unwrap();
        let parameters = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(parameters(&hash), "$argon2id$v=19$m=19456,t=2,p=1");
        assert_eq!(parameters(&hash), parameters(NOBODY));
        assert_eq!(hash.len(), NOBODY.len());
    }

    #[tokio::test]
    async fn a_full_queue_says_try_later() {
        let passwords = Passwords::default();
        let places = u32::try_from(AT_ONCE + WAITING).unwrap();
        let _everybody = passwords.room.acquire_many(places).await.unwrap();
        assert!(matches!(passwords.matches("masala dosa", None).await, Err(Error::Unavailable(_))));
    }
}
