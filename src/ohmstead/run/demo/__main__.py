"""`python -m ohmstead.run.demo` writes the demo's month of history; `ohmstead up --demo` runs it in the background."""

from ohmstead.run.prepare import set_up_django

if __name__ == "__main__":
    set_up_django()
    from ohmstead.run.demo import seed_history

    seed_history()
