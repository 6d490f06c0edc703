//! What runs by itself for as long as the application is open.

use std::{
    future::Future,
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};

use crate::error::Error;

/// After a failure, what should run for ever rests so long before it begins again.
const REST: Duration = Duration::from_secs(1);
/// What has not ended so long after it was told to is left alone.
const PATIENCE: Duration = Duration::from_secs(5);

/// The tasks, and the word that ends them.
#[derive(Default)]
pub(crate) struct Background {
    closing: watch::Sender<bool>,
    running: Mutex<JoinSet<()>>,
}

impl Background {
    /// Runs something for ever, and begins it again when it failed. In the end it is broken off where it waits, so nothing
    /// may depend on what comes after.
    pub(crate) fn keep<F>(&self, name: &'static str, run: impl Fn() -> F + Send + 'static)
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let mut closing = self.closing.subscribe();
        self.spawn(async move {
            loop {
                // A task of its own, so that a panic ends only this round.
                let mut round = tokio::spawn(run());
                tokio::select! {
                    biased;
                    () = told(&mut closing) => {
                        round.abort();
                        // That it was broken off is no news.
                        let _ = round.await;
                        return;
                    }
                    ended = &mut round => note(name, ended),
                }
                tokio::select! {
                    () = told(&mut closing) => return,
                    () = sleep(REST) => {}
                }
            }
        });
    }

    /// Takes a step now and again and again after a while. In the end the step that has begun is finished.
    pub(crate) fn every<F>(&self, name: &'static str, rest: Duration, mut step: impl FnMut() -> F + Send + 'static)
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let mut closing = self.closing.subscribe();
        self.spawn(async move {
            loop {
                note(name, tokio::spawn(step()).await);
                tokio::select! {
                    () = told(&mut closing) => return,
                    () = sleep(rest) => {}
                }
            }
        });
    }

    /// Ends all of it, and waits for that.
    pub(crate) async fn end(&self) {
        self.closing.send_replace(true);
        let mut running = mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        let all = async { while running.join_next().await.is_some() {} };
        if timeout(PATIENCE, all).await.is_err() {
            tracing::warn!("something that runs by itself did not end in time");
        }
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).spawn(task);
    }
}

/// Waits for the word that ends all.
async fn told(closing: &mut watch::Receiver<bool>) {
    // Without anybody who could say it, there is nothing to end either.
    let _ = closing.wait_for(|closing| *closing).await;
}

fn note(task: &'static str, ended: Result<Result<(), Error>, JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error @ Error::Unavailable(_))) => {
            tracing::warn!(task, %error, "a background task waits for better times");
        }
        Ok(Err(error)) => tracing::error!(task, %error, "a background task failed"),
        Err(panic) => tracing::error!(task, %panic, "a background task panicked"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    #[tokio::test]
    async fn a_step_that_has_begun_is_finished_and_none_begins_after_it() {
        let (begun, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let background = Background::default();
        let (first, last) = (Arc::clone(&begun), Arc::clone(&done));
        background.every("step", Duration::from_millis(1), move || {
            let (begun, done) = (Arc::clone(&first), Arc::clone(&last));
            async move {
                begun.fetch_add(1, Ordering::SeqCst);
                sleep(Duration::from_millis(20)).await;
                done.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        });
        while begun.load(Ordering::SeqCst) < 2 {
            sleep(Duration::from_millis(1)).await;
        }
        background.end().await;
        let ended = begun.load(Ordering::SeqCst);
        assert_eq!(done.load(Ordering::SeqCst), ended);
        sleep(Duration::from_millis(30)).await;
        assert_eq!(begun.load(Ordering::SeqCst), ended);
    }

    #[tokio::test]
    async fn what_waits_for_ever_is_broken_off() {
        let background = Background::default();
        let held = Arc::new(());
        let kept = Arc::clone(&held);
        background.keep("ever", move || {
            let kept = Arc::clone(&kept);
            async move {
                std::future::pending::<()>().await;
                drop(kept);
                Ok(())
            }
        });
        tokio::task::yield_now().await;
        background.end().await;
        assert_eq!(Arc::strong_count(&held), 1, "nothing holds what it held");
    }
}
