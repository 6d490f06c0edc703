//! Names of keys that belong to one person: nobody can guess one, and none shows whose it is.
//!
//! `~<keyed hash of namespace and owner>:<name>`. The hash is HMAC-SHA256 with the installation's
//! secret, shortened to 128 bits. The owner is a session or a customer; the name, such as `cart`,
//! says what it is and must itself give nothing away.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Namespace;

const HASH_BYTES: usize = 16;

/// Makes the names. Every node of an installation needs the same secret.
#[derive(Clone)]
pub struct PrivateKeys {
    keyed: Hmac<Sha256>,
}

impl PrivateKeys {
    /// With the secret of this installation.
    pub fn new(secret: &[u8; 32]) -> Self {
        // HMAC pads a key to the block of its hash with noughts; so padded, no length is refused.
        let mut block = [0; 64];
        block[..secret.len()].copy_from_slice(secret);
        Self { keyed: Hmac::new(&block.into()) }
    }

    /// The name of what `owner` has in `namespace` under `name`.
    pub fn name(&self, namespace: Namespace, owner: &str, name: &str) -> String {
        let mut prefix = self.owner(namespace, owner);
        prefix.push_str(name);
        prefix
    }

    /// What the names of everything that `owner` has in `namespace` begin with.
    pub fn owner(&self, namespace: Namespace, owner: &str) -> String {
        let mut keyed = self.keyed.clone();
        keyed.update(namespace.name().as_bytes());
        // No namespace contains it, so no two pairs read the same.
        keyed.update(b"\0");
        keyed.update(owner.as_bytes());
        let hash = keyed.finalize().into_bytes();
        format!("~{}:", BASE64URL_NOPAD.encode(&hash[..HASH_BYTES]))
    }
}

impl fmt::Debug for PrivateKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PrivateKeys").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_hides_its_owner_and_depends_on_everything() {
        let keys = PrivateKeys::new(&[7; 32]);
        let name = keys.name(Namespace::Sessions, "asha", "cart");
        assert!(name.ends_with(":cart") && name.starts_with('~') && !name.contains("asha"), "{name}");
        assert_eq!(name, keys.name(Namespace::Sessions, "asha", "cart"));
        assert!(name.starts_with(&keys.owner(Namespace::Sessions, "asha")));
        let others = [
            keys.owner(Namespace::Customers, "asha"),
            keys.owner(Namespace::Sessions, "ravi"),
            PrivateKeys::new(&[8; 32]).owner(Namespace::Sessions, "asha"),
        ];
        assert!(others.iter().all(|other| !name.starts_with(other.as_str())), "{others:?}");
        assert!(!format!("{keys:?}").contains('7'));
    }

    /// RFC 4231 knows no such message, so the value was computed with another implementation.
    #[test]
    fn the_hash_is_the_standard_one() {
        let name = PrivateKeys::new(&[7; 32]).owner(Namespace::Sessions, "asha");
        assert_eq!(name, "~hOSWnpfjKq8T0duIULD_5A:");
    }
}
