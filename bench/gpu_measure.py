"""Times of engines on one GPU: interleaved, by the wall clock and by the events of the driver."""

import statistics
import time

#: Length of a block of runs, seconds, and the runs in it at most.
BLOCK, BLOCK_RUNS = 0.02, 200


def summary(samples):
    """Microseconds of seconds."""
    ordered = sorted(samples)

    def at(share):
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1e6, 3)

    return {
        "median_us": round(statistics.median(ordered) * 1e6, 3),
        "min_us": at(0),
        "p10_us": at(0.1),
        "p90_us": at(0.9),
        "p99_us": at(0.99),
        "samples": len(ordered),
    }


def measure(driver, engines, seconds, warm_up=0.3):
    """{name: {"latency": ..., "gpu": ...}} of engines {name: (enqueue, stream)}.

    `latency` is the wall clock from the call to the end of the wait for one run; `gpu` the time
    between two events around a block of runs, by run. Every round gives each engine one block of
    each kind, in turning order, until each has had `seconds`. On the emulator one run
    of each counts.
    """
    if driver.emulated:
        return {name: _once(driver, *engine) for name, engine in engines.items()}
    events = driver.event(), driver.event()
    block, latency, spans = {}, {}, {}
    for name, (enqueue, stream) in engines.items():
        end = time.perf_counter() + warm_up
        runs = 0
        while runs < 3 or time.perf_counter() < end:
            start = time.perf_counter()
            enqueue()
            driver.wait(stream)
            once = time.perf_counter() - start
            runs += 1
        block[name] = max(2, min(BLOCK_RUNS, round(BLOCK / once)))
        latency[name], spans[name] = [], []
    spent, rounds = 0.0, 0
    while rounds < 5 or (spent < seconds * len(engines) and rounds < 1000):
        begin = time.perf_counter()
        order = list(engines)
        turn = rounds % len(order)
        for name in order[turn:] + order[:turn]:
            enqueue, stream = engines[name]
            enqueue()  # the one that meets cold caches
            driver.wait(stream)
            for _ in range(block[name]):
                start = time.perf_counter()
                enqueue()
                driver.wait(stream)
                latency[name].append(time.perf_counter() - start)
            driver.record(events[0], stream)
            for _ in range(block[name]):
                enqueue()
            driver.record(events[1], stream)
            spans[name].append(driver.elapsed_ms(*events) / 1e3 / block[name])
        spent += time.perf_counter() - begin
        rounds += 1
    return {n: {"latency": summary(latency[n]), "gpu": summary(spans[n])} for n in engines}


def _once(driver, enqueue, stream):
    start = time.perf_counter()
    enqueue()
    driver.wait(stream)
    figure = summary([time.perf_counter() - start])
    return {"latency": figure, "gpu": figure}


#: Datasheets, dense: TFLOP/s by tensor cores in f16 and bf16, in tf32, outside them in f32; GB/s.
#: The first name that the card's holds counts.
CARDS = (
    ("B200", 2250, 1125, 75, 8000),
    ("GH200", 989, 495, 67, 4000),
    ("H200", 989, 495, 67, 4800),
    ("H100 PCIe", 756, 378, 51, 2000),
    ("H100 NVL", 835, 418, 60, 3900),
    ("H100", 989, 495, 67, 3350),
    ("A100-SXM4-80GB", 312, 156, 19.5, 2039),
    ("A100 80GB PCIe", 312, 156, 19.5, 1935),
    ("A100", 312, 156, 19.5, 1555),
    ("A10", 125, 62.5, 31.2, 600),
    ("L40S", 362, 183, 91.6, 864),
    ("L4", 121, 60, 30.3, 300),
    ("RTX 4090", 165, 82.6, 82.6, 1008),
)


def datasheet(name):
    """{"f16", "bf16", "tf32", "f32": TFLOP/s, "gb_s"} of a card, None where it is not listed."""
    for known, half, tf32, single, bandwidth in CARDS:
        if known in name:
            return {"f16": half, "bf16": half, "tf32": tf32, "f32": single, "gb_s": bandwidth}
    return None


def copy_bandwidth(driver, size):
    """GB/s, read and written, of the driver's copy on the device."""
    stream = driver.stream()
    source, target = driver.allocate(size), driver.allocate(size)
    try:
        copies = {"copy": (lambda: driver.copy(target, source, size, stream), stream)}
        span = measure(driver, copies, 0.5)["copy"]["gpu"]["median_us"]
    finally:
        driver.free(source)
        driver.free(target)
    return 2 * size / span / 1e3


def node_costs(driver):
    """Microseconds: of an empty kernel given to a stream, and of one more node in a graph."""
    launch, graph = driver.empty_kernel()
    stream = driver.stream()
    short, long = graph(16), graph(272)
    times = measure(
        driver,
        {
            "launch": (lambda: launch(stream), stream),
            "graph of 16": (lambda: short(stream), stream),
            "graph of 272": (lambda: long(stream), stream),
        },
        0.3,
    )
    median = {k: v["gpu"]["median_us"] for k, v in times.items()}
    wait = {k: v["latency"]["median_us"] for k, v in times.items()}
    return {
        "empty_launch_us": median["launch"],
        "empty_launch_and_wait_us": wait["launch"],
        "empty_graph_node_us": (median["graph of 272"] - median["graph of 16"]) / 256,
        "graph_of_16_and_wait_us": wait["graph of 16"],
    }
