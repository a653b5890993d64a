from threading import Thread
from . import views
from .app import Job, index as home
import app.tools as tools

LIMITS = {"low": check_low, "high": Job}

def check_low(value, then=home):
    return value

class Watcher(Job):
    limit = 3
    on_stop = check_low

    def __init__(self, job: Job, callback):
        self.callback = callback
        Thread(target=self.watch, args=(self.limit, callback, job.run))
        Thread(target=self.run)
        self.later = job.run or check_low

    def watch(self, stop):
        for name in sorted(stop, key=check_low):
            yield name, self.callback, check_low
        raise tools.Stopped

    def choose(self, fast):
        check_low = fast
        return check_low if fast else tools.slow

paths = [path("x/", views.index), len, stop]
pick = lambda x: home
map(check_low, paths)

@tools.route("/start")
@functools.wraps(check_low)
def start():
    @tools.on.stop
    def inner():
        pass

class Panel:
    @tools.action
    def save(self):
        pass

    @property
    def size(self):
        return 1

    @size.setter
    def size(self, value):
        pass

@tools.cached
@receiver(signal)
def unset():
    pass
