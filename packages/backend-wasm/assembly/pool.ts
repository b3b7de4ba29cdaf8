/**
 * One job at a time is shared out in parts among the calling thread and workers, which all run this module over one
 * memory. Who claims which part is open, but a part's numbers do not depend on it.
 *
 * The ticket holds, from the low byte up, the parts that are claimed, all parts, and a count of jobs. Whoever claims a
 * part may read the job: the caller writes the next one only when all parts of this one are done.
 */
const TICKET: usize = 0;
const DONE: usize = 64;
/** Workers that have come to life. */
const RUNNING: usize = 72;
/** Threads that may take part: those with a lower number. */
const LIMIT: usize = 76;
const KERNEL: usize = 128;
const SCRATCH: usize = 132;
const SCRATCH_EACH: usize = 136;
const ARGUMENTS: usize = 140;
/** Most parts of a job. */
export const PARTS: i32 = 255;

/** Looks before a thread goes to sleep: some tens of microseconds, since a model has its next product soon. */
const LOOKS: i32 = 50000;

let control: usize = 0;
let count: i32 = 1;
let own: usize = 0;
let sleeps: bool = false;

/** Size of what the threads talk by; zero at first. */
export function controlBytes(): usize {
  return 512;
}

/**
 * From now on jobs are shared by `threads` threads, the calling one and the workers with lower numbers. `mayWait` says
 * whether the calling one may block.
 */
export function setThreads(at: usize, threads: i32, mayWait: bool): void {
  control = at, count = threads, sleeps = mayWait;
  atomic.store<i32>(control, threads, LIMIT);
  atomic.notify(control + LIMIT, -1);
  atomic.notify(control, -1);
}

/** Workers that have come to life by now. */
export function runningWorkers(): i32 {
  return atomic.load<i32>(control, RUNNING);
}

export function threads(): i32 {
  return count;
}

/** Parts of a job of so many about equal pieces: whoever starts late takes fewer. */
export function partsOf(all: i32): i32 {
  return min(min(PARTS, all), 4 * threads());
}

/** Room for all threads where one needs `bytes`, in whole cache lines. */
export function forAll(bytes: usize): usize {
  return <usize>count * each(bytes);
}

function each(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

/** Number `i` of the job that is being written. */
export function setArgument(i: i32, value: usize): void {
  store<u32>(control + ARGUMENTS + (<usize>i << 2), <u32>value);
}

export function argument(i: i32): usize {
  return load<u32>(control + ARGUMENTS + (<usize>i << 2));
}

/**
 * Runs all parts of the job that was written, with the other threads, and returns when each is done. `run` is called
 * with the number of a part and the thread's own room in `scratch`, which is `forAll(bytes)`.
 */
export function runParts(run: (part: i32, scratch: usize) => void, parts: i32, scratch: usize, bytes: usize): void {
  // All threads run the same module: a function has the same place in the table of each.
  store<i32>(control, run.index, KERNEL);
  store<u32>(control, <u32>scratch, SCRATCH);
  store<u32>(control, <u32>each(bytes), SCRATCH_EACH);
  atomic.store<i32>(control, 0, DONE);
  const job = (atomic.load<u32>(control) >> 16) + 1;
  atomic.store<u32>(control, (job << 16) | (<u32>parts << 8));
  atomic.notify(control, min(count - 1, parts - 1));
  runClaimed();
  waitFor(parts);
}

/** The life of worker `number`, from 1: it ends when it is ended from outside. */
export function work(at: usize, number: i32): void {
  control = at, own = number;
  atomic.add<i32>(control, 1, RUNNING);
  while (true) {
    const limit = atomic.load<i32>(control, LIMIT);
    if (number >= limit) {
      atomic.wait<i32>(control + LIMIT, limit);
      continue;
    }
    const ticket = runClaimed();
    let looks = 0;
    while (looks < LOOKS && atomic.load<u32>(control) == ticket) looks++;
    if (looks == LOOKS) atomic.wait<i32>(control, ticket);
  }
}

/** Runs parts while there are any. Returns the ticket that has none for this thread. */
function runClaimed(): u32 {
  let ticket = atomic.load<u32>(control);
  while ((ticket & 255) < ((ticket >> 8) & 255)) {
    // Read after the ticket: the number of threads changes between jobs only.
    if (<i32>own >= atomic.load<i32>(control, LIMIT)) break;
    const found = atomic.cmpxchg<u32>(control, ticket, ticket + 1);
    if (found == ticket) {
      runPart(ticket & 255);
      atomic.add<i32>(control, 1, DONE);
      atomic.notify(control + DONE, 1);
      ticket = atomic.load<u32>(control);
    } else ticket = found;
  }
  return ticket;
}

function runPart(part: i32): void {
  const scratch = load<u32>(control, SCRATCH) + own * load<u32>(control, SCRATCH_EACH);
  call_indirect<void>(load<u32>(control, KERNEL), part, scratch);
}

function waitFor(parts: i32): void {
  let looks = 0;
  let done = atomic.load<i32>(control, DONE);
  while (done < parts) {
    if (sleeps && ++looks > LOOKS) atomic.wait<i32>(control + DONE, done);
    done = atomic.load<i32>(control, DONE);
  }
}
