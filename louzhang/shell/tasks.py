"""Housekeeping of the queue itself."""

from typing import Final

from procrastinate import JobContext

from louzhang.kit import queue

KEEP_HOURS: Final = 72


@queue.app.periodic(cron="17 3 * * *")
@queue.app.task(queueing_lock="remove_finished_jobs", pass_context=True)
async def remove_finished_jobs(context: JobContext, timestamp: int) -> None:
    """Remove jobs that ended well three days ago; failed ones stay for somebody to look at."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_HOURS, queue=queue.name())


@queue.app.periodic(cron="*/5 * * * *")
@queue.app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Give jobs of a worker that died to the next one."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(queue=queue.name()):
        await manager.retry_job(job)
