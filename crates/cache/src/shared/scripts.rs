//! The few things that must happen in Redis all at once.
//!
//! Forgetting must work even when Redis is out of memory, when nothing can be written but
//! anything removed. So a namespace is forgotten by removing its generation, and when the mark
//! "this key changed" cannot be written, its namespace is given up instead.

use std::sync::LazyLock;

use redis::{Pipeline, Script, cmd};

use super::message::Scope;
use super::settings::Names;

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

/// Keys: value, change mark, generation. Arguments: new mark, its milliseconds to live.
const FORGET_KEY: &str = "redis.call('UNLINK', KEYS[1])
    local marked = redis.pcall('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
    if marked.err then redis.call('UNLINK', KEYS[3]) end";

/// Adds what makes Redis forget a scope and then tells the other nodes so.
pub(super) fn add_forgetting(tell: &mut Pipeline, names: &Names, scope: &Scope, token: &str, message: &str) {
    match scope {
        Scope::Key(key) => {
            let key = key.as_ref();
            let forget = tell.cmd("EVAL").arg(FORGET_KEY).arg(3).arg(names.value(key)).arg(names.key_change(key));
            forget.arg(names.generation(key.namespace)).arg(token).arg(CHANGE_REMEMBERED_MS);
        }
        // Finding keys by prefix would scan all of Redis; giving up the namespace's values there
        // costs some loads and is one command.
        Scope::Prefix(namespace, _) | Scope::Namespace(namespace) => {
            tell.cmd("UNLINK").arg(names.generation(*namespace));
        }
    }
    let mut publish = cmd("PUBLISH");
    publish.arg(names.channel()).arg(message);
    tell.add_command(publish);
}
