//! The log: JSON lines on standard error.
//!
//! A line for each request must not cost a system call each, nor make requests wait for one another or for a disk: lines
//! gather in memory, and a thread of their own writes them together, at the latest after a moment. What is a warning or
//! worse is written before whoever says it goes on, with everything before it; and if the reader of the log does not
//! keep up, everybody waits for it: no line is dropped.

use std::{
    fmt,
    io::{self, Write},
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use jiff::Timestamp;
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter,
    fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter, format::Writer},
    registry::LookupSpan,
};

use crate::http::observe;

/// How long a line waits at most.
const MOMENT: Duration = Duration::from_millis(100);
/// With so many bytes waiting, they are written at once.
const ENOUGH: usize = 4 << 20;

/// Room that is kept for the next lines.
const KEPT: usize = 256 << 10;

/// Lines that wait.
static WAITING: Mutex<Vec<u8>> = Mutex::new(Vec::new());
/// Lines that are being written. Whoever writes holds this before it takes what waits, so that lines keep their order.
static WRITING: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Starts the log. [`flush`] writes its last lines.
pub(super) fn start(filter: &str) -> Result<(), String> {
    let text = |error: &dyn std::fmt::Display| format!("log: {error}");
    let filter = EnvFilter::try_new(filter).map_err(|error| text(&error))?;
    let lines = tracing_subscriber::fmt().event_format(Json).with_writer(Lines).with_env_filter(filter);
    lines.try_init().map_err(|error| text(&error))?;
    let writing = || {
        loop {
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

/// One object a line: when, how grave, the fields of the event, the request that it belongs to, and who says it.
struct Json;

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        line(event, now(), &mut writer)
    }
}

#[expect(clippy::disallowed_methods, reason = "a log line tells the time of the machine that wrote it")]
fn now() -> Timestamp {
    Timestamp::now()
}

fn line(event: &Event<'_>, at: Timestamp, writer: &mut dyn fmt::Write) -> fmt::Result {
    let (level, target) = (event.metadata().level(), event.metadata().target());
    write!(writer, "{{\"timestamp\":\"{at:.6}\",\"level\":\"{level}\"")?;
    let mut fields = Fields { writer, written: Ok(()) };
    event.record(&mut fields);
    observe::with_current(|request| {
        fields.text("request_id", request.id());
        fields.text("method", request.method.as_str());
        fields.text("route", request.route);
    });
    fields.text("target", target);
    fields.written?;
    writer.write_str("}\n")
}

/// The fields of an object, as JSON.
struct Fields<'a> {
    writer: &'a mut dyn fmt::Write,
    written: fmt::Result,
}

impl Fields<'_> {
    fn raw(&mut self, name: &str, value: impl fmt::Display) {
        self.written = self.written.and_then(|()| write!(self.writer, ",\"{name}\":{value}"));
    }

    fn text(&mut self, name: &str, value: &str) {
        self.raw(name, Quoted(value));
    }
}

/// A text as JSON.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.0.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
        if plain {
            return write!(formatter, "\"{}\"", self.0);
        }
        formatter.write_str(&serde_json::to_string(self.0).map_err(|_| fmt::Error)?)
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
            self.raw(field.name(), value);
        } else {
            self.text(field.name(), &value.to_string());
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.raw(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.raw(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.raw(field.name(), value);
    }
}

/// Where the subscriber writes.
struct Lines;

/// One line.
struct Line {
    urgent: bool,
}

impl MakeWriter<'_> for Lines {
    type Writer = Line;

    fn make_writer(&self) -> Line {
        Line { urgent: true }
    }

    fn make_writer_for(&self, meta: &Metadata<'_>) -> Line {
        Line { urgent: *meta.level() <= Level::WARN }
    }
}

impl Write for Line {
    /// The subscriber hands over each line as a whole.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let waiting = {
            let mut lines = locked(&WAITING);
            lines.extend_from_slice(line);
            lines.len()
        };
        if self.urgent || waiting >= ENOUGH {
            flush();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use tracing_subscriber::{Layer, layer::SubscriberExt as _};

    use super::*;

    /// Keeps the lines of all events.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Kept {
        fn on_event(&self, event: &Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
            let mut text = String::new();
            line(event, Timestamp::UNIX_EPOCH, &mut text).unwrap();
            self.0.lock().unwrap().push(text);
        }
    }

    #[test]
    fn a_line_is_an_object_whatever_is_said() {
        let kept = Kept::default();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(kept.clone()), || {
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
