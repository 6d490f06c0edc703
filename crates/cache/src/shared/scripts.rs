//! The few things that must happen in Redis all at once.
//!
//! Forgetting must work even when Redis is out of memory, when nothing can be written but
//! anything removed. So a namespace is forgotten by removing its generation, and when the mark
//! "this key changed" cannot be written, its namespace is given up instead.

use std::sync::LazyLock;
use std::time::Duration;

use redis::{Cmd, Script, cmd};

use super::Generations;
use super::envelope::millis;
use super::message::Scope;
use super::settings::Names;
use crate::memory::{Key, KeyRef};

/// How long Redis remembers that a key changed: longer than a load may take.
const CHANGE_REMEMBERED_MS: u64 = 600_000;

/// Key: generation. Argument: a token that becomes it if there is none.
pub(super) static READ_OR_START_GENERATION: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local now = redis.call('MGET', KEYS[1])[1]
         if not now then redis.call('SET', KEYS[1], ARGV[1]) now = ARGV[1] end
         return now",
    )
});

/// Keys: value, change mark, generation. Arguments: mark and generation as they were read before
/// the load, the value, its milliseconds to live.
pub(super) static STORE_IF_UNCHANGED: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local now = redis.call('MGET', KEYS[2], KEYS[3])
         if (now[1] or '') ~= ARGV[1] or now[2] ~= ARGV[2] then return 0 end
         redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
         return 1",
    )
});

/// Key: any of the namespace, which leads to its node of a cluster. Arguments: cursor, pattern.
/// Answers the next cursor and how many values were freed.
pub(super) static SWEEP: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local found = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', 1000)
         local freed = 0
         for _, name in ipairs(found[2]) do freed = freed + redis.call('UNLINK', name) end
         return {found[1], freed}",
    )
});

/// The version that the mark of a change tells, behind an `@`.
macro_rules! with_version {
    ($script:literal) => {
        concat!("local function version(mark) return tonumber(string.match(mark or '', '@(-?%d+)$')) end ", $script)
    };
}

/// Keys: value, change mark, generation. Arguments: new mark, its milliseconds to live. A mark of
/// the same version or a later one says that there is nothing older here.
const FORGET_KEY: &str = with_version!(
    "local there, mine = version(redis.call('MGET', KEYS[2])[1]), version(ARGV[1])
    if there and mine and there >= mine then return 0 end
    local removed = redis.call('UNLINK', KEYS[1])
    local marked = redis.pcall('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
    if marked.err then redis.call('UNLINK', KEYS[3]) end
    return removed"
);

/// Keys: value, change mark, generation. Arguments: mark and generation as they were read before
/// the change, new mark, its milliseconds to live, the value, its milliseconds to live. The old
/// value goes in any case, unless it is of a later version.
const PUT_KEY: &str = with_version!(
    "local now = redis.call('MGET', KEYS[2], KEYS[3])
    local there, mine = version(now[1]), version(ARGV[3])
    if there and mine and there > mine then return 0 end
    redis.call('UNLINK', KEYS[1])
    local marked = redis.pcall('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
    if marked.err then redis.call('UNLINK', KEYS[3]) return 0 end
    local undisturbed = (now[1] or '') == ARGV[1] or (there and mine)
    if not undisturbed or now[2] ~= ARGV[2] then return 0 end
    local put = redis.pcall('SET', KEYS[1], ARGV[5], 'PX', ARGV[6])
    return put.err and 0 or 1"
);

/// What a committed change made of a key.
pub(super) struct Replacement<'a> {
    pub(super) key: KeyRef<'a>,
    pub(super) before: &'a Generations,
    pub(super) token: String,
    pub(super) version: Option<i64>,
    pub(super) sealed: Vec<u8>,
    pub(super) keep: Duration,
}

impl Replacement<'_> {
    /// Answers 1 if the value was put.
    pub(super) fn command(&self, names: &Names) -> Cmd {
        let mut put = names_of_key(PUT_KEY, names, self.key);
        put.arg(&self.before.change[..]).arg(&self.before.namespace[..]);
        put.arg(mark(&self.token, self.version)).arg(CHANGE_REMEMBERED_MS).arg(&self.sealed[..]).arg(millis(self.keep));
        put
    }
}

/// What makes Redis forget a scope. For a key, answers how many values that removed.
pub(super) fn forgetting(names: &Names, scope: &Scope, token: &str) -> Cmd {
    let forget_key = |key: &Key, version| {
        let mut forget = names_of_key(FORGET_KEY, names, key.as_ref());
        forget.arg(mark(token, version)).arg(CHANGE_REMEMBERED_MS);
        forget
    };
    match scope {
        Scope::Key(key) => forget_key(key, None),
        Scope::Older(key, version) => forget_key(key, Some(*version)),
        // Finding keys by prefix would scan all of Redis; giving up the namespace's values there
        // costs some loads and is one command.
        Scope::Prefix(namespace, _) | Scope::Namespace(namespace) => {
            let mut forget = cmd("UNLINK");
            forget.arg(names.generation(*namespace));
            forget
        }
    }
}

/// What tells the other nodes.
pub(super) fn publishing(names: &Names, message: &str) -> Cmd {
    let mut publish = cmd("PUBLISH");
    publish.arg(names.channel()).arg(message);
    publish
}

/// The mark of a change.
fn mark(token: &str, version: Option<i64>) -> String {
    version.map_or_else(|| token.to_owned(), |version| format!("{token}@{version}"))
}

fn names_of_key(script: &str, names: &Names, key: KeyRef<'_>) -> Cmd {
    let mut eval = cmd("EVAL");
    eval.arg(script).arg(3).arg(names.value(key)).arg(names.key_change(key)).arg(names.generation(key.namespace));
    eval
}
