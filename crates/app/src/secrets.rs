//! Keys that all nodes share, made at the first start and kept in the database.

use cache::PrivateKeys;
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use store::{Db, Tx, args, users};

use crate::{context::Entropy, error::Error};

/// As many as make 16 letters.
const INSTALLATION_BYTES: usize = 10;

/// A key that never shows itself.
#[derive(Clone)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// HMAC-SHA256 (RFC 2104) of a message.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 32] {
        self.mac(message).finalize().into_bytes().into()
    }

    /// Whether the signature is of the message; takes the same time either way.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.mac(message).verify_slice(signature).is_ok()
    }

    fn mac(&self, message: &[u8]) -> Hmac<Sha256> {
        // A key of 32 bytes is shorter than the block, so the other branch is never taken.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| Hmac::new(&[0; 64].into()));
        mac.update(message);
        mac
    }
}

/// All of them.
pub(crate) struct Secrets {
    /// Signs access tokens.
    pub(crate) tokens: Key,
    /// Signs quotes.
    pub(crate) quotes: Key,
    /// Signs tracking links.
    pub(crate) links: Key,
    /// Signs passes to the pictures of an application.
    pub(crate) pictures: Key,
    /// Hashes one-time codes.
    pub(crate) codes: Key,
    /// Names cached answers that belong to one person.
    pub(crate) cache_keys: PrivateKeys,
    /// Names this installation where others may be beside it.
    pub(crate) installation: String,
}

impl Secrets {
    /// Reads the keys, making those that are missing. Of two nodes that start together, one makes them.
    pub(crate) async fn load(db: &Db, entropy: &Entropy, now: Timestamp) -> Result<Self, Error> {
        let installation = key(db, entropy, now, "installation").await?.sign(b"name");
        Ok(Self {
            installation: BASE32_NOPAD.encode(&installation[..INSTALLATION_BYTES]).to_lowercase(),
            tokens: key(db, entropy, now, "access-tokens").await?,
            quotes: key(db, entropy, now, "quotes").await?,
            links: key(db, entropy, now, "tracking-links").await?,
            pictures: key(db, entropy, now, "picture-passes").await?,
            codes: key(db, entropy, now, "login-codes").await?,
            cache_keys: PrivateKeys::new(&key(db, entropy, now, "cache-keys").await?.0),
        })
    }
}

async fn key(db: &Db, entropy: &Entropy, now: Timestamp, name: &'static str) -> Result<Key, Error> {
    let made: [u8; 32] = entropy.bytes();
    let tx = Tx::new("make secret");
    db.commit(tx.run(&users::INSERT_SECRET, args![name, made, now.as_microsecond()])).await?;
    let (body,) = db.one::<(Vec<u8>,)>(&users::FIND_SECRET, args![name]).await?;
    let body = body.try_into().map_err(|_| Error::Internal(format!("the secret {name} has a wrong length")))?;
    Ok(Key(body))
}
