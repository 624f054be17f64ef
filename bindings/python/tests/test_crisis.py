"""Grave words, from Python."""

from __future__ import annotations

import affetto
import pytest
from affetto import Action, CrisisTier, Gate, Goal, Modality

SECOND = 1_000_000
RESOURCES = {"en": {"contacts": [{"name": "Ms Okafor", "reach": "room 12"}]}}


def test_check() -> None:
    assert affetto.crisis.check("this homework is killing me") is CrisisTier.NONE
    assert affetto.crisis.check("I want to die") is CrisisTier.IDEATION
    assert affetto.crisis.check("我不想活了") is CrisisTier.IDEATION


def test_a_school_needs_a_plan() -> None:
    with pytest.raises(affetto.PolicyError, match="crisis handler"):
        affetto.Engine(preset="eu_school")
    with pytest.raises(affetto.ArgumentError, match="nobody to reach"):
        affetto.Engine(crisis=affetto.CrisisPlan(handler=print, resources={"en": {"contacts": []}}))


def test_a_hit_reaches_the_handlers() -> None:
    told: list[affetto.Crisis] = []
    late: list[affetto.Crisis] = []
    plan = affetto.CrisisPlan(
        handler=told.append,
        resources=RESOURCES,
        second=late.append,
        classifier=lambda words: CrisisTier.ABUSE if "orchids" in words else CrisisTier.NONE,
        deadline=30,
    )
    with affetto.Engine(preset="eu_school", crisis=plan) as engine:
        engine.create_learner("ana")
        engine.grant("ana", Modality.TEXT)
        with engine.session("ana") as session:
            session.push_text("the orchids again", now=SECOND)
            assert [(c.tier, c.source, c.learner, c.session) for c in told] == [
                (CrisisTier.ABUSE, 1, "ana", session.id)
            ]
            assert session.crisis is not None and session.crisis.deadline == 31 * SECOND
            decision = session.decide(Goal.CALM, now=2 * SECOND)
            assert (decision.action, decision.gate) == (Action.HAND_TO_PERSON, Gate.CRISIS)
            assert "Ms Okafor: room 12" in session.prompt(now=3 * SECOND).text
            session.advance(32 * SECOND)
            assert [c.is_escalated for c in late] == [True]
            session.acknowledge_crisis(33 * SECOND)
            session.resolve_crisis(34 * SECOND)
            assert session.crisis is None
            with pytest.raises(affetto.StateError):
                session.resolve_crisis(35 * SECOND)


def test_what_handlers_raise_is_raised_again() -> None:
    def fail(_crisis: affetto.Crisis) -> None:
        raise KeyError("nobody there")

    def puzzled(words: str) -> CrisisTier:
        raise ValueError("cannot read it")

    with affetto.Engine(crisis=affetto.CrisisPlan(handler=fail, resources=RESOURCES, classifier=puzzled)) as engine:
        engine.create_learner("ana")
        engine.grant("ana", Modality.TEXT)
        with engine.session("ana") as session:
            with pytest.raises(ValueError, match="cannot read it"):
                session.push_text("all is well today", now=SECOND)
            assert session.crisis is None, "a classifier that fails has found nothing"
    with affetto.Engine(crisis=affetto.CrisisPlan(handler=fail, resources=RESOURCES)) as engine:
        engine.create_learner("ana")
        engine.grant("ana", Modality.TEXT)
        with engine.session("ana") as session:
            with pytest.raises(KeyError):
                session.push_text("I want to die", now=SECOND)
            assert session.crisis is not None and session.crisis.tier is CrisisTier.IDEATION


def test_a_handler_may_close_its_session() -> None:
    sittings: list[affetto.Session] = []
    plan = affetto.CrisisPlan(handler=lambda _crisis: sittings[0].close(), resources=RESOURCES)
    with affetto.Engine(crisis=plan) as engine:
        engine.create_learner("ana")
        engine.grant("ana", Modality.TEXT)
        sittings.append(engine.session("ana"))
        sittings[0].push_text("I want to die", now=SECOND)
        assert sittings[0].closed
