import os
import pkg.sub as sub
from . import app as main
from .app import Job, index as start
from typing import Optional, cast

class Worker(Job):
    limit: int = 3
    log: "main.Log"

    def __init__(self, job: Job, *rest):
        super().__init__(job)
        self.job = job
        self.spare = Job()
        self.made = make()
        self.other = rest[0]

    def run(self, queue, next: Optional[Job] = None) -> "Worker":
        self.job._step(1)
        self.made.run().stop()
        self.other.run()
        queue.put(next)
        next.run()
        queue()
        return self.clone().run()

    @classmethod
    def clone(cls) -> "Worker":
        return cls.create(cls)

def make() -> Worker:
    worker = Worker(None)
    worker.run(1)
    worker = unknown()
    worker.run(2)
    for start in os.listdir("."):
        start()
    with sub.open() as file:
        file.read()
    cast(Worker, worker).clone()
    len = None
    return main.index(len(worker))

start()
