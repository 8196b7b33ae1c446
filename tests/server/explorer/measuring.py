"""Frame time and memory of the graph with 200, 1,000 and 5,000 nodes shown.

`python -m tests.server.explorer.measuring URL`. The server is one over many people, such as that of
`machtigen demo --people 100000`. What is shown is what lies around a register, fetched page by page as its button
does; a frame is timed while the graph moves. Chromium draws by CPU here, without a GPU, so these are upper bounds.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time

from tests.server.explorer.visiting import Visit, visiting

SIZES = (200, 1_000, 5_000)
FRAMES = 60


async def main(url: str) -> None:
    async with visiting(url, quiet=False) as visit:
        began = time.perf_counter()
        await visit.page.goto(f"{url}/explore#/graph?rep=sanne&for=daan&service=zeeduin/record")
        await visit.page.get_by_label("Purpose").wait_for()
        drawn = time.perf_counter()
        await visit.page.get_by_label("Purpose").fill("measuring")
        await visit.page.keyboard.press("Enter")
        stated = time.perf_counter()
        await visit.page.locator(".answer .outcome").wait_for()
        print(f"page on screen: {drawn - began:.2f} s; first answer after that: {time.perf_counter() - stated:.2f} s")
        await visit.button("Clear").click()
        await visit.find("BRP")
        for size in SIZES:
            grown = await grow(visit, size)
            await asyncio.sleep(2)
            before = await cpu_ms(visit)
            frames = await frame_times(visit)
            after = await cpu_ms(visit)
            await choose(visit)
            chosen = await cpu_ms(visit)
            drawing = f"frame {statistics.median(frames):.1f} ms, {(after - before) / FRAMES / 2:.1f} ms of CPU"
            rest = f"heap {await heap(visit):.0f} MB; choosing a node {chosen - after:.0f} ms of CPU"
            print(f"{grown:>5} nodes, {await edges(visit):>5} relations: {drawing}; {rest}", flush=True)


async def grow(visit: Visit, size: int) -> int:
    """Fetch pages around the register until so many are shown; in steps of one page at most."""
    await visit.page.evaluate("() => void window.machtigenGraph.getElementById('register BRP').emit('tap')")
    while (shown := await count(visit)) < size * 0.95:
        button = visit.page.get_by_role("button", name="Show").and_(visit.page.locator(".groups button:not(:disabled)"))
        await button.nth(0).click()

        async def more(before: int = shown) -> bool:
            return await count(visit) > before

        await visit.until(more)
    return shown


async def count(visit: Visit) -> int:
    found: int = await visit.page.evaluate("() => window.machtigenGraph.nodes().length")
    return found


async def edges(visit: Visit) -> int:
    found: int = await visit.page.evaluate("() => window.machtigenGraph.edges().length")
    return found


async def heap(visit: Visit) -> float:
    """In megabytes, after what is not used has gone."""
    session = await visit.page.context.new_cdp_session(visit.page)
    await session.send("HeapProfiler.collectGarbage")
    used = await session.send("Runtime.getHeapUsage")
    return float(used["usedSize"]) / 1e6


async def frame_times(visit: Visit) -> list[float]:
    """Milliseconds between frames while the whole graph is in sight and moves."""
    found: list[float] = await visit.page.evaluate(
        """async (frames) => { const graph = window.machtigenGraph; graph.fit(undefined, 20); const times = [];
          const next = () => new Promise(requestAnimationFrame);
          await next(); await next();
          let last = performance.now();
          for (let each = 0; each < frames; each += 1) {
            graph.panBy({ x: each % 2 ? -6 : 6, y: each % 4 < 2 ? 4 : -4 });
            await next(); await next();
            const now = performance.now(); times.push((now - last) / 2); last = now;
          }
          return times; }""",
        FRAMES,
    )
    return found


async def choose(visit: Visit) -> None:
    """A node, until it is drawn."""
    await visit.page.evaluate(
        """async () => { const next = () => new Promise(requestAnimationFrame);
          window.machtigenGraph.nodes()[1].emit("tap"); await next(); await next(); }"""
    )


async def cpu_ms(visit: Visit) -> float:
    """CPU time of the page's own process, which others on this machine do not lengthen."""
    session = await visit.page.context.new_cdp_session(visit.page)
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "ProcessTime")) * 1000


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
