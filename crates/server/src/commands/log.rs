//! The log: JSON lines on standard error.
//!
//! A line for each request must not cost a system call each, nor make requests wait for one another or for a disk: lines
//! gather in memory, and a thread of their own writes them together, at the latest after a moment. What is a warning or
//! worse is written before whoever says it goes on, with everything before it; and if the reader of the log does not
//! keep up, everybody waits for it: no line is dropped.

use std::{
    cell::{Cell, RefCell},
    fmt::{self, Write as _},
    io::{self, Write as _},
    mem,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use jiff::Timestamp;
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter, Layer,
    layer::{Context, SubscriberExt as _},
    registry,
    util::SubscriberInitExt as _,
};

use crate::http::observe;

/// How long a line waits at most.
const MOMENT: Duration = Duration::from_millis(20);
/// With so many bytes waiting, they are written at once.
const ENOUGH: usize = 4 << 20;
/// Room that is kept for the next lines.
const KEPT: usize = 1 << 20;

/// Lines that wait.
static WAITING: Mutex<Vec<u8>> = Mutex::new(Vec::new());
/// Told when the first line waits.
static FIRST: Condvar = Condvar::new();
/// Lines that are being written. Whoever writes holds this before it takes what waits, so that lines keep their order.
static WRITING: Mutex<Vec<u8>> = Mutex::new(Vec::new());

thread_local! {
    /// Room for the line that is being made.
    static LINE: Cell<String> = const { Cell::new(String::new()) };
    /// The second of the line before, and how it is written.
    static SECOND: RefCell<(i64, String)> = const { RefCell::new((0, String::new())) };
}

/// Starts the log. [`flush`] writes its last lines.
pub(super) fn start(filter: &str) -> Result<(), String> {
    let text = |error: &dyn std::fmt::Display| format!("log: {error}");
    let filter = EnvFilter::try_new(filter).map_err(|error| text(&error))?;
    registry().with(filter).with(Lines).try_init().map_err(|error| text(&error))?;
    let writing = || {
        loop {
            drop(FIRST.wait_while(locked(&WAITING), |lines| lines.is_empty()));
            thread::sleep(MOMENT);
            flush();
        }
    };
    thread::Builder::new().name("log".to_owned()).spawn(writing).map_err(|error| text(&error))?;
    Ok(())
}

/// Writes what waits.
pub(super) fn flush() {
    let mut lines = locked(&WRITING);
    mem::swap(&mut *lines, &mut *locked(&WAITING));
    // Whoever reads the log may have gone; the work goes on.
    let _ = io::stderr().write_all(&lines);
    lines.clear();
    lines.shrink_to(KEPT);
}

fn locked(lines: &'static Mutex<Vec<u8>>) -> MutexGuard<'static, Vec<u8>> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes a line for each event.
struct Lines;

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // Taken and not borrowed: what is told may itself tell something while it is being written.
        let mut text = LINE.take();
        text.clear();
        line(event, now(), &mut text);
        keep(&text, *event.metadata().level() <= Level::WARN);
        LINE.set(text);
    }
}

/// Puts a line to those that wait.
fn keep(line: &str, urgent: bool) {
    let waiting = {
        let mut lines = locked(&WAITING);
        lines.extend_from_slice(line.as_bytes());
        lines.len()
    };
    if urgent || waiting >= ENOUGH {
        flush();
    } else if waiting == line.len() {
        FIRST.notify_one();
    }
}

#[expect(clippy::disallowed_methods, reason = "a log line tells the time of the machine that wrote it")]
fn now() -> Timestamp {
    Timestamp::now()
}

/// One object a line: when, how grave, the fields of the event, the request that it belongs to, and who says it.
fn line(event: &Event<'_>, at: Timestamp, text: &mut String) {
    let (level, target) = (event.metadata().level(), event.metadata().target());
    text.push_str("{\"timestamp\":\"");
    push_moment(at, text);
    text.push_str("\",\"level\":\"");
    text.push_str(level.as_str());
    text.push('"');
    let mut fields = Fields(text);
    event.record(&mut fields);
    observe::with_current(|request| {
        fields.text("request_id", request.id());
        fields.text("method", request.method.as_str());
        fields.text("route", request.route);
    });
    fields.text("target", target);
    text.push_str("}\n");
}

/// A moment, to the microsecond. What lines of the same second share is made once.
fn push_moment(at: Timestamp, text: &mut String) {
    let micros = at.as_microsecond();
    let (second, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    SECOND.with_borrow_mut(|(of, written)| {
        if *of != second || written.is_empty() {
            let whole = Timestamp::from_second(second).unwrap_or(at);
            (*of, *written) = (second, format!("{whole:.0}").trim_end_matches('Z').to_owned());
        }
        text.push_str(written);
    });
    push(text, format_args!(".{micros:06}Z"));
}

/// A text has room for whatever is written, so that nothing can fail but a value that refuses to be shown.
fn push(text: &mut String, what: fmt::Arguments<'_>) {
    if text.write_fmt(what).is_err() {
        text.push('?');
    }
}

/// The fields of an object, as JSON.
struct Fields<'a>(&'a mut String);

impl Fields<'_> {
    fn name(&mut self, name: &str) {
        for part in [",\"", name, "\":"] {
            self.0.push_str(part);
        }
    }

    fn raw(&mut self, name: &str, value: fmt::Arguments<'_>) {
        self.name(name);
        push(self.0, value);
    }

    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        let plain = value.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
        if plain {
            for part in ["\"", value, "\""] {
                self.0.push_str(part);
            }
        } else {
            // A text is always JSON.
            self.0.push_str(&serde_json::to_string(value).unwrap_or_default());
        }
    }
}

/// Names of fields are words of the program: they need no escape.
impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field.name(), &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field.name(), value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.raw(field.name(), format_args!("{value}"));
        } else {
            self.text(field.name(), &value.to_string());
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.raw(field.name(), format_args!("{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.raw(field.name(), format_args!("{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.raw(field.name(), format_args!("{value}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};

    use super::*;

    /// Keeps the lines of all events.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Kept {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            let mut text = String::new();
            line(event, Timestamp::UNIX_EPOCH, &mut text);
            self.0.lock().unwrap().push(text);
        }
    }

    #[test]
    fn a_moment_is_written_as_it_is_whatever_was_written_before() {
        for micros in [1_000_000, 1_999_999, 0, -1, 1_700_000_000_000_001, 1_700_000_000_000_002] {
            let at = Timestamp::from_microsecond(micros).unwrap();
            let mut text = String::new();
            push_moment(at, &mut text);
            assert_eq!(text, format!("{at:.6}"));
        }
    }

    #[test]
    fn a_line_is_an_object_whatever_is_said() {
        let kept = Kept::default();
        tracing::subscriber::with_default(registry().with(kept.clone()), || {
            let (name, path) = ("Dosa \"Plain\"\n", std::path::Path::new("C:\\menu"));
            tracing::warn!(
                status = 503_u16,
                seconds = 0.25,
                share = f64::NAN,
                name,
                ?path,
                late = true,
                "answered {}",
                1
            );
        });
        let lines = kept.0.lock().unwrap();
        let read: Value = serde_json::from_str(lines[0].trim_end()).unwrap();
        let expected = json!({
            "timestamp": "1970-01-01T00:00:00.000000Z", "level": "WARN", "message": "answered 1", "status": 503,
            "seconds": 0.25, "share": "NaN", "name": "Dosa \"Plain\"\n", "path": "\"C:\\\\menu\"", "late": true,
            "target": module_path!(),
        });
        assert_eq!(read, expected);
        assert!(lines[0].ends_with("}\n"));
    }
}
