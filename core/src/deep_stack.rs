//! Threads for work that recurses as deeply as its input is nested.

use std::thread;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// Enough for the deepest nesting that the bounds on inputs allow, whatever thread the caller is on.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Runs on a thread of its own with a deep stack; on the caller's, when no thread can be had.
pub fn run<T: Send>(work: impl Fn() -> T + Sync) -> T {
    let on_thread = thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(STACK_BYTES);
        let spawned = builder.spawn_scoped(scope, &work).ok()?;
        match spawned.join() {
            Ok(result) => Some(result),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
    on_thread.unwrap_or_else(work)
}

/// A pool whose threads have deep stacks; none when there is one thing to do or one core to do it.
pub(crate) fn pool(tasks: usize) -> Option<ThreadPool> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = tasks.min(cores);
    if threads < 2 {
        return None;
    }
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(STACK_BYTES)
        .build()
        .ok()
}
