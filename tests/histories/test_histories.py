"""Histories that nobody would think of: drops, kills, rings, pauses, redrives, in any order.

HISTORIES sets how many are played; `make histories` plays thousands.
"""

import json
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from moto import mock_aws

from tests.support.mortal_world import MortalWorld
from tests.support.world import ONE_REQUEST
from video_pipeline.domain.control import PERSON, paused_by_person, resumed
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.job import ENDS, RESTS, Job, JobState
from video_pipeline.domain.redrive import Wish
from video_pipeline.domain.task import TaskStatus

if TYPE_CHECKING:
    from video_pipeline.use_cases.submit_manifest import DroppedObject

HISTORIES = int(os.environ.get("HISTORIES", "16"))
STEPS = 14
DOOM = st.none() | st.integers(0, 9)
PICK = st.integers(0, 3)


class Histories(RuleBasedStateMachine):
    """What can happen to a few jobs, and what may never be true of them."""

    def __init__(self) -> None:
        super().__init__()
        self.aws = mock_aws()
        self.aws.start()
        self.world = MortalWorld()
        self.ids: list[str] = []
        self.unfinished: list[DroppedObject] = []

    def teardown(self) -> None:
        try:
            self.heal()
        finally:
            self.aws.stop()

    @precondition(lambda self: len(self.ids) < 3)
    @rule(names=st.sampled_from([["a"], ["a", "b"]]), doom=st.none() | st.integers(0, 24))
    def drop(self, names: list[str], doom: int | None) -> None:
        """Drop a manifest; its version makes it a new one, its jobs may be known."""
        jobs = [{**ONE_REQUEST, "name": name} for name in names]
        self.unfinished.append(self.world.put("manifests/a/m.json", {"jobs": jobs}))
        self.take_in(doom, after=False)

    @precondition(lambda self: self.unfinished)
    @rule(doom=DOOM, after=st.booleans())
    def take_in(self, doom: int | None, after: bool) -> None:
        """Deliver the newest message whose worker died, which comes back as queues do it."""
        dropped = self.unfinished[-1]
        if not self.world.mortal(doom, after=after, act=lambda: self.world.take_in(dropped)):
            self.unfinished.pop()
        self.ids = self.world.ids_of("JOB")

    @precondition(lambda self: self.ids)
    @rule(pick=PICK, doom=DOOM, after=st.booleans())
    def turn(self, pick: int, doom: int | None, after: bool) -> None:
        job = self.picked(pick)
        self.world.mortal(doom, after=after, act=lambda: self.world.spin(job))

    @precondition(lambda self: self.ids)
    @rule(pick=PICK, doom=DOOM, after=st.booleans())
    def ring(self, pick: int, doom: int | None, after: bool) -> None:
        job = self.picked(pick)
        self.world.mortal(doom, after=after, act=lambda: self.world.ring(job))

    @precondition(lambda self: self.ids)
    @rule(pick=PICK, doom=DOOM, after=st.booleans())
    def redrive(self, pick: int, doom: int | None, after: bool) -> None:
        job = self.picked(pick)
        self.world.mortal(doom, after=after, act=lambda: self.world.redrive(job, Wish()))

    @rule(doom=DOOM, after=st.booleans())
    def reconcile(self, doom: int | None, after: bool) -> None:
        self.world.clock.advance(minutes=16)
        self.world.mortal(doom, after=after, act=self.world.reconcile)

    @rule(bought=st.booleans())
    def lose_the_next_answer(self, bought: bool) -> None:
        self.world.lose_an_answer(bought=bought)

    @rule(well=st.booleans())
    def end_the_running_tasks(self, well: bool) -> None:
        self.world.end_tasks(well=well)

    @rule(minutes=st.sampled_from([1, 5, 20, 90]))
    def wait(self, minutes: int) -> None:
        self.world.clock.advance(minutes=minutes)

    @rule()
    def stop_every_run(self) -> None:
        self.world.runs.alive.clear()

    @rule(paused=st.booleans())
    def pause_or_resume(self, paused: bool) -> None:
        self.switch(paused=paused)

    @invariant()
    def nothing_is_paid_twice(self) -> None:
        for job in self.jobs():
            bought = self.world.tasks_of(job)
            assert all(len(tasks) == 1 for tasks in bought.values())
            newest = max(bought, default=0)
            earlier = [tasks[0] for attempt, tasks in bought.items() if attempt < newest]
            states = {self.world.provider.tasks[task].status for task in earlier}
            assert states <= {TaskStatus.FAILED}

    @invariant()
    def credits_are_those_of_the_jobs(self) -> None:
        jobs = list(self.jobs())
        owed = sum(job.reserved for job in jobs), sum(job.charge or 0 for job in jobs)
        assert self.world.all_credits() == owed
        assert not any(job.reserved for job in jobs if job.state in ENDS)

    @invariant()
    def drops_count_their_open_jobs(self) -> None:
        jobs = list(self.jobs())
        assert all(job.counted for job in jobs if job.state in RESTS)
        for drop_id in self.world.ids_of("DROP"):
            drop = self.world.stored_drop(drop_id)
            over = sum(job.counted for job in jobs if drop_id in job.drops)
            assert drop.remaining == drop.total - over

    def heal(self) -> None:
        """From wherever a history ends, everything comes to its end and is told."""
        world = self.world
        world.provider.answers.clear()
        self.switch(paused=False)
        while self.unfinished:
            self.take_in(None, after=False)
        for _ in range(6):
            idle = all(map(self.is_over, self.jobs()))
            world.clock.advance(minutes=20)
            world.end_tasks(well=True)
            world.runs.alive.clear()
            world.reconcile()
            for job in self.jobs():
                world.ring(job)
                world.spin(job)
            if idle:  # once more after the end, which must change nothing
                break
        for job in self.jobs():
            self.judge(job)
        for drop_id in world.ids_of("DROP"):
            self.judge_drop(world.stored_drop(drop_id))

    def is_over(self, job: Job) -> bool:
        drops = [self.world.stored_drop(drop_id) for drop_id in job.drops]
        return job.state in ENDS and job.open_run is None and all(drop.told for drop in drops)

    def judge(self, job: Job) -> None:
        assert job.state in ENDS or not self.world.tasks_of(job).get(job.attempt)
        finished = [
            task
            for tasks in self.world.tasks_of(job).values()
            for task in tasks
            if self.world.provider.tasks[task].status is TaskStatus.COMPLETED
        ]
        assert not finished or job.state is JobState.ARCHIVED
        assert job.open_run is None
        assert set(self.told(job)) == set(range(1, job.sequence + 1))

    def judge_drop(self, drop: Drop) -> None:
        assert (drop.state, drop.told) == (DropState.COMPLETED, True)
        receipt = self.world.receipt(f"receipts/a/m.json/{drop.id}.json")
        assert receipt["state"] == "completed"
        assert [job["state"] for job in receipt["jobs"]] == [
            job.state for job in self.world.drops.jobs_of(drop.id)
        ]

    def told(self, job: Job) -> Iterator[int]:
        for entry in self.world.published:
            detail = json.loads(entry["Detail"])
            if detail.get("job", {}).get("id") == job.id:
                yield detail["sequence"]

    def switch(self, *, paused: bool) -> None:
        account, now = self.world.account, self.world.clock.now()
        control = account.control()
        change = paused_by_person(control, "why", now) if paused else resumed(control, PERSON, now)
        self.world.change_account(change)

    def picked(self, pick: int) -> Job:
        return self.world.stored_job(self.ids[pick % len(self.ids)])

    def jobs(self) -> Iterator[Job]:
        return (self.world.stored_job(job_id) for job_id in self.ids)


def test_no_history_breaks_a_law(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    played = settings(
        max_examples=HISTORIES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Histories, settings=played)
