//! How far an import is: a bar on a terminal, a line a second elsewhere.

use std::{
    io::IsTerminal as _,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use app::imports::{Phase, Progress};
use indicatif::{ProgressBar, ProgressStyle};

/// A little under a second, so that a log never misses one.
const BETWEEN_LINES: Duration = Duration::from_millis(900);

/// Shows progress on standard error.
pub(super) enum Meter {
    Bar(ProgressBar),
    Lines(Mutex<Option<(Phase, Instant)>>),
}

impl Meter {
    pub(super) fn start() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::Lines(Mutex::new(None));
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:10} {bar:40} {pos}/{len} {per_sec} {eta}") {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    pub(super) fn show(&self, progress: Progress) {
        let (done, total) = (progress.done, progress.total);
        match self {
            Self::Bar(bar) => {
                bar.set_message(word(progress.phase));
                bar.set_length(u64::try_from(total).unwrap_or(u64::MAX));
                bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
            }
            Self::Lines(last) => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                let due = last.is_none_or(|(phase, at)| phase != progress.phase || at.elapsed() >= BETWEEN_LINES);
                if due || (done == total && total > 0) {
                    line(&format!("{} {done} of {total}", word(progress.phase)));
                    *last = Some((progress.phase, Instant::now()));
                }
            }
        }
    }

    pub(super) fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

const fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Reading => "reading",
        Phase::Writing => "adding",
    }
}

#[expect(clippy::print_stderr, reason = "progress belongs there")]
fn line(text: &str) {
    eprintln!("{text}");
}
