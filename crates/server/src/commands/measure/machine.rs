//! What Linux says about the machine and about processes, from `/proc`; elsewhere the figures are absent.
//!
//! A figure is worth little without the load that others put on the machine meanwhile: [`Busy`] measures it.

use std::{fmt, fs, path::Path};

use serde::Serialize;

/// Ticks of a second in `/proc/*/stat`: 100 on every Linux that user programs see.
const TICKS: f64 = 100.0;

/// A machine before a measurement.
#[derive(Clone, Debug, Serialize)]
pub(in crate::commands) struct Machine {
    /// Threads that can run at once.
    pub(in crate::commands) cores: usize,
    /// Model of the processor.
    pub(in crate::commands) processor: String,
    /// Load averages of the last 1, 5 and 15 minutes.
    pub(in crate::commands) load_average: String,
    /// `release` or `debug`; figures of a debug build mean nothing.
    pub(in crate::commands) build: &'static str,
}

impl Machine {
    /// This machine, now.
    pub(in crate::commands) fn now() -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let processor = read("/proc/cpuinfo").lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            (name.trim() == "model name").then(|| value.trim().to_owned())
        });
        let load: Vec<_> = read("/proc/loadavg").split(' ').take(3).map(str::to_owned).collect();
        Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            processor: processor.unwrap_or_else(|| "unknown".to_owned()),
            load_average: load.join(" "),
            build: if cfg!(debug_assertions) { "debug" } else { "release" },
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cores, processor, load_average, build } = self;
        write!(formatter, "{cores} cores ({processor}), load average before {load_average}, {build} build")
    }
}

/// Seconds of processor time that a process has used, user and system; `None` once it is gone.
pub(in crate::commands) fn cpu_seconds(pid: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything; the fields after it are numbers, the third being the parent.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / TICKS)
}

/// A line of `/proc/PID/status` in megabytes, such as `VmRSS` or `VmHWM`.
pub(in crate::commands) fn memory_mb(pid: u32, name: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1_024.0)
}

/// Processor time of the whole machine and of some processes at one moment.
pub(in crate::commands) struct Busy {
    at: std::time::Instant,
    all: f64,
    own: Vec<(u32, f64)>,
}

/// What happened between two moments.
#[derive(Clone, Debug, Default)]
pub(in crate::commands) struct Spent {
    /// Seconds between them.
    pub(in crate::commands) seconds: f64,
    /// Processor seconds of each process, in the order they were given.
    pub(in crate::commands) own: Vec<f64>,
    /// Cores that everything else kept busy on average.
    pub(in crate::commands) others: f64,
}

impl Busy {
    /// The moment before.
    pub(in crate::commands) fn watch(pids: &[u32]) -> Self {
        let own = pids.iter().map(|pid| (*pid, cpu_seconds(*pid).unwrap_or_default()));
        Self { at: std::time::Instant::now(), all: all_seconds(), own: own.collect() }
    }

    /// The moment after.
    pub(in crate::commands) fn spent(&self) -> Spent {
        let seconds = self.at.elapsed().as_secs_f64();
        let now = |pid: u32, before: f64| cpu_seconds(pid).map_or(0.0, |now| now - before);
        let own: Vec<f64> = self.own.iter().map(|(pid, before)| now(*pid, *before)).collect();
        let others = (all_seconds() - self.all - own.iter().sum::<f64>()) / seconds.max(0.001);
        Spent { seconds, own, others: others.max(0.0) }
    }
}

/// Seconds that all processors together were busy since the start of the machine.
fn all_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks: Vec<f64> =
        stat.lines().next().unwrap_or_default().split_ascii_whitespace().skip(1).flat_map(str::parse).collect();
    // user, nice, system; then idle and waiting, which are not busy; then interrupts and what other guests took.
    let busy = ticks.iter().enumerate().filter(|(index, _)| !matches!(index, 3 | 4) && *index < 8);
    busy.map(|(_, ticks)| ticks).sum::<f64>() / TICKS
}

/// The kind of file system that holds a path, such as `ext4`; on `tmpfs` nothing is durable.
pub(in crate::commands) fn file_system(path: &Path) -> String {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let mut best: Option<(usize, String)> = None;
    for line in mounts.lines() {
        let mut fields = line.split(' ').skip(1);
        let (Some(place), Some(kind)) = (fields.next(), fields.next()) else { continue };
        // Of two mounts on one place the later one is seen.
        if path.starts_with(place) && best.as_ref().is_none_or(|best| place.len() >= best.0) {
            best = Some((place.len(), kind.to_owned()));
        }
    }
    best.map_or_else(|| "an unknown file system".to_owned(), |best| best.1)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{Busy, cpu_seconds, file_system, memory_mb};
    use std::path::Path;

    #[test]
    fn a_process_that_works_is_seen_working() {
        let pid = std::process::id();
        let busy = Busy::watch(&[pid]);
        let mut sum = 0_u64;
        while cpu_seconds(pid).unwrap() < busy.own[0].1 + 0.03 {
            sum = (0..100_000_u64).fold(sum, |sum, number| std::hint::black_box(sum ^ number));
        }
        let spent = busy.spent();
        assert!(spent.own[0] >= 0.03 && spent.seconds > 0.0, "{spent:?}");
        assert!(memory_mb(pid, "VmRSS").unwrap() > 1.0);
    }

    #[test]
    fn a_process_that_does_not_exist_has_no_figures() {
        assert_eq!(cpu_seconds(u32::MAX), None);
        assert_eq!(memory_mb(u32::MAX, "VmRSS"), None);
    }

    #[test]
    fn the_file_system_of_proc_is_proc() {
        assert_eq!(file_system(Path::new("/proc/self")), "proc");
    }
}
