from . import app
def test_run():
    assert app.Base().run()
