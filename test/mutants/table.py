"""The faults planted in the core, one a mutant.

Each replaces a snippet that must be found exactly once in its file, of src/core
unless it says another layer; one that is no longer found is to be written anew, not
dropped.
"""

from typing import NamedTuple


class Mutant(NamedTuple):
    name: str
    file: str
    original: str
    replacement: str
    # Who is to find it, if it is not the simulation: Boost.Test's names of suites, of the
    # program `integration` unless it begins with another's name and a colon.
    tests: str = ""

    @property
    def program(self):
        named, colon, _ = self.tests.partition(":")
        return named if colon else "integration" if self.tests else "simulation"

    @property
    def suites(self):
        return self.tests.rpartition(":")[2]

    @property
    def path(self):
        """Below src."""
        return self.file if "/" in self.file else f"core/{self.file}"


DATAGRAMS = "datagram_pipeline.cpp"
PIPELINE = "pipeline.cpp"
QUEUE = "request_queue.cpp"
SESSION = "session.cpp"
ACTIONS = "session_actions.hpp"
CONNECTING = "session_connecting.hpp"
DRAINING = "session_draining.hpp"
EXCHANGE = "session_exchange.hpp"

MUTANTS = [
    # Query isolation and tombstones.
    Mutant("barrier_not_set", PIPELINE, "barrier_ = r.payload.has_query();", "barrier_ = false;"),
    Mutant(
        "barrier_cleared_by_giving_up",
        PIPELINE,
        "    ++ledger_.books().tombstones;\n",
        "    ++ledger_.books().tombstones;\n    barrier_ = false;\n",
    ),
    Mutant(
        "place_in_window_lost_by_giving_up",
        PIPELINE,
        "window_[static_cast<std::size_t>(r.position - first_position_)].owner = nullptr;",
        "window_.erase(window_.begin() + static_cast<std::ptrdiff_t>(r.position - first_position_));",
    ),
    Mutant(
        "given_up_and_still_answered",
        PIPELINE,
        "window_[static_cast<std::size_t>(r.position - first_position_)].owner = nullptr;",
        "",
    ),
    Mutant("tombstone_not_counted", PIPELINE, "    ++ledger_.books().tombstones;\n", ""),
    # The window.
    Mutant(
        "window_one_too_large",
        PIPELINE,
        "window_.size() < options_.max_in_flight &&",
        "window_.size() <= options_.max_in_flight &&",
    ),
    Mutant(
        "tombstones_left_out_of_the_window",
        PIPELINE,
        "window_.size() < options_.max_in_flight &&",
        "window_.size() - ledger_.books().tombstones < options_.max_in_flight &&",
    ),
    Mutant(
        "window_bytes_ignored",
        PIPELINE,
        "window_bytes_ + r.size <= options_.max_in_flight_bytes;",
        "r.size <= options_.max_in_flight_bytes;",
    ),
    Mutant("window_bytes_not_given_back", PIPELINE, "  window_bytes_ -= front.size;\n", ""),
    Mutant(
        "max_write_size_ignored",
        PIPELINE,
        "(direct || buffer_.size() + r.size > options_.max_write_size)",
        "direct",
    ),
    Mutant(
        "queue_turned_round",
        QUEUE,
        '    queue_.push_back(r);\n    queued_bytes_ += r.size;\n  }\n  if',
        '    queue_.push_front(r);\n    queued_bytes_ += r.size;\n  }\n  if',
    ),
    # What is said of bytes.
    Mutant(
        "partly_written_called_not_sent",
        PIPELINE,
        "e.end_offset - e.size >= written_offset_;",
        "e.end_offset > written_offset_;",
    ),
    Mutant(
        "untouched_called_unknown",
        PIPELINE,
        "!writing && e.end_offset - e.size >= written_offset_;",
        "false;",
    ),
    Mutant(
        "outstanding_write_forgotten",
        PIPELINE,
        "const bool untouched = !writing && ",
        "static_cast<void>(writing);\n    const bool untouched = ",
    ),
    Mutant(
        "partial_write_taken_for_whole",
        PIPELINE,
        "  written_offset_ += n;",
        "  written_offset_ = staged_offset_;",
    ),
    Mutant(
        "buffer_let_go_under_a_write",
        PIPELINE,
        '  requeue(again);\n  return all;',
        '  requeue(again);\n  reset_stream();\n  return all;',
    ),
    Mutant(
        "answer_overtaking_its_write_not_expected",
        PIPELINE,
        "  if (written_count_ != 0) {\n    --written_count_;\n  }",
        "  --written_count_;",
    ),
    # Answers.
    Mutant(
        "answer_given_to_the_last",
        PIPELINE,
        'request* const owner = front.owner;',
        'request* const owner = window_.back().owner;',
    ),
    Mutant(
        "unexpected_events_accepted",
        PIPELINE,
        "if (!window_.front().has_query && checked->event_count() != 0)",
        "if (false)",
    ),
    Mutant(
        "surplus_answer_ignored", PIPELINE, "return errc::surplus_answer;", "return {};"
    ),
    Mutant(
        "rejection_taken_for_ack",
        PIPELINE,
        "checked->ok() ? boost::system::error_code{}",
        "true ? boost::system::error_code{}",
    ),
    Mutant(
        "oversized_answer_waited_for", EXCHANGE, "if (reader_.over_limit())", "if (false)"
    ),
    Mutant(
        "frame_waits_for_a_byte_too_many",
        "frame_reader.hpp",
        "end_ - begin_ - header_size < length",
        "end_ - begin_ - header_size <= length",
    ),
    Mutant("bytes_of_the_last_connection_kept", CONNECTING, "  reader_.reset();\n", ""),
    # Deadlines.
    Mutant(
        "answer_timeout_ignored", PIPELINE, "return written_count_ == 0 ? never :", "return true ? never :"
    ),
    Mutant("own_deadlines_ignored", QUEUE, "if (r.expires_at != never)", "if (false)"),
    Mutant(
        "expired_in_the_queue_called_unknown",
        PIPELINE,
        "give_up(*r, errc::expired, errc::deadline_exceeded);",
        "give_up(*r, errc::deadline_exceeded, errc::deadline_exceeded);",
    ),
    Mutant("queue_age_ignored", QUEUE, "return queue_.empty() ? never :", "return true ? never :"),
    Mutant(
        "connect_timeout_ignored", CONNECTING, "connect_due_ = now + options_.connect_timeout;", "static_cast<void>(now);"
    ),
    Mutant(
        "write_timeout_ignored",
        ACTIONS,
        "writing_ = true;\n      write_due_ = now + options_.write_timeout;",
        "writing_ = true;",
    ),
    # The connection's life.
    Mutant(
        "queue_lost_with_the_connection",
        EXCHANGE,
        '  return pipeline_.fail_window(why, writing_);',
        '  const bool all = pipeline_.fail_window(why, writing_);\n  pipeline_.fail_queue(why.unwritten, {});\n  return all;',
    ),
    Mutant(
        "no_reconnect_for_the_queue",
        CONNECTING,
        'return connect_wanted_ || keep_open_ || !pipeline_.queue_empty();',
        'return connect_wanted_ || keep_open_;',
    ),
    Mutant(
        "connect_wait_forgotten_on_closing",
        CONNECTING,
        'return connect_wanted_ || keep_open_ || !pipeline_.queue_empty();',
        'return keep_open_ || !pipeline_.queue_empty();',
    ),
    Mutant(
        "cancel_leaves_the_queue", SESSION, "  pipeline_.fail_queue(errc::cancelled, {});\n", ""
    ),
    # Draining.
    Mutant(
        "drained_with_answers_owed",
        DRAINING,
        "!pipeline_.queue_empty() || !pipeline_.window_empty()",
        "!pipeline_.queue_empty()",
    ),
    Mutant(
        "drained_with_messages_queued",
        DRAINING,
        "!pipeline_.queue_empty() || !pipeline_.window_empty()",
        "!pipeline_.window_empty()",
    ),
    Mutant(
        "drained_before_it_is_closed",
        ACTIONS,
        "drain_result_ && state_ != state::closing &&",
        "drain_result_ &&",
    ),
    Mutant(
        "drain_not_ended_by_the_last_one_given_up",
        SESSION,
        "    connect_unwanted();\n  }\n  finish_drain_if_done();\n}\n\ntemplate <class Pipeline>\nboost::system::error_code basic_session<Pipeline>::connect(",
        "    connect_unwanted();\n  }\n}\n\ntemplate <class Pipeline>\nboost::system::error_code basic_session<Pipeline>::connect(",
    ),
    Mutant(
        "drain_that_failed_called_clean",
        DRAINING,
        "drain_result_ = drain_result_.value_or(boost::system::error_code{});",
        "drain_result_ = boost::system::error_code{};",
    ),
    Mutant(
        "connects_after_a_drain",
        DRAINING,
        "  if (connect_wanted_) {\n    connect_wanted_ = false;\n    connect_result_ = aborted();\n  }\n",
        "",
    ),
    Mutant("sends_while_draining", SESSION, "if (mode_ == mode::running) {", "if (mode_ != mode::shut) {"),
    # Handshakes, alerts, peers that have gone.
    Mutant("handshake_has_no_deadline", CONNECTING, "    handshake_due_ = due;\n", "    handshake_due_ = never;\n"),
    Mutant(
        "handshake_keeps_the_connects_deadline",
        CONNECTING,
        "    connect_due_ = never;\n    handshake_due_ = due;",
        "    handshake_due_ = due;",
    ),
    Mutant(
        "handshakes_deadline_outlives_it",
        CONNECTING,
        "  write_failure_ = {};\n  connect_due_ = never;\n  handshake_due_ = never;",
        "  write_failure_ = {};\n  connect_due_ = never;",
    ),
    Mutant(
        "failed_handshake_called_failed_connect",
        CONNECTING,
        "handshake_due_ == never ? errc::connect_failed : errc::handshake_failed",
        "errc::connect_failed",
    ),
    Mutant("refusal_forgotten_by_what_came_before", CONNECTING, "  heard_ = false;\n  write_failure_", "  write_failure_"),
    Mutant("every_alert_called_a_refusal", EXCHANGE, "  if (heard_ || ", "  if ("),
    Mutant("writes_to_a_peer_that_has_gone", ACTIONS, "if (!writing_ && !write_failure_) {", "if (!writing_) {"),
    Mutant("failed_write_remembered_by_the_next_connection", CONNECTING, "  write_failure_ = {};\n", ""),
    Mutant(
        "refused_again_with_a_whole_window",
        ACTIONS,
        'const bool wary = wary_ && !heard_;',
        'const bool wary = false;',
    ),
    Mutant("every_close_called_clean", ACTIONS, "return close_connection{close_cleanly_};", "return close_connection{true};"),
    # Datagrams of several messages.
    Mutant(
        "datagram_one_byte_too_long",
        DATAGRAMS,
        "size + queue_.front().payload.size() <= limit_;",
        "size + queue_.front().payload.size() <= limit_ + 1;",
    ),
    Mutant("datagram_keeps_what_was_sent", DATAGRAMS, "    bytes_.clear();\n", ""),
    Mutant(
        "datagram_refused_is_lost_whole",
        DATAGRAMS,
        "coalesced_ ? split(now) : finish(outcome::not_sent, errc::message_too_large);",
        "finish(outcome::not_sent, errc::message_too_large);",
    ),
    Mutant(
        "datagram_split_goes_last",
        QUEUE,
        'queue_.splice(queue_.begin(), again);',
        'queue_.splice(queue_.end(), again);',
    ),
    Mutant("datagram_split_keeps_the_overdue", DATAGRAMS, "  expire(now); // some may have grown too old meanwhile\n", ""),
    Mutant(
        "datagram_lingers_from_the_youngest",
        DATAGRAMS,
        "later(queue_.front().queued_at, how_.linger)",
        "later(queue_.back().queued_at, how_.linger)",
    ),
    Mutant("datagram_lingers_though_full", DATAGRAMS, "queued_payload() >= limit_ ||", "queued_payload() > limit_ + 20 ||"),
    Mutant("datagram_lingers_while_draining", ACTIONS, "pipeline_.stage(now, mode_ == mode::draining);", "pipeline_.stage(now, false);"),
    Mutant(
        "datagram_lingers_for_ever",
        ACTIONS,
        'return state_ == state::open && !writing_ ? std::min(due, pipeline_.linger_due()) : due;',
        'return due;',
    ),
    # The books.
    Mutant(
        "rejections_counted_as_acked",
        "ledger.hpp",
        "return count(&tally::rejected);",
        "return count(&tally::acked);",
    ),
    Mutant(
        "events_counted_as_messages",
        "ledger.hpp",
        "books_.events.*bucket -= r.events;",
        "books_.events.*bucket -= 1;",
    ),
    Mutant(
        "queue_bound_one_too_large",
        "intake.hpp",
        'held >= max_held_ ||',
        'held > max_held_ ||',
    ),
    Mutant(
        "messages_on_their_way_not_counted",
        "intake.hpp",
        'all.messages.*live += fresh_.size() + taken_messages_;',
        'all.messages.*live += fresh_.size();',
    ),
    # Coming back.
    Mutant("resent_though_nobody_asked", PIPELINE, "if (r.resends_left == 0) {\n      return false;", "if (false) {\n      return false;"),
    Mutant("resends_without_end", PIPELINE, "    --r.resends_left;\n", ""),
    Mutant("resent_and_forgotten_that_it_was_written", PIPELINE, "    r.error = lost_by;\n", ""),
    Mutant("untouched_ended_with_the_connection", PIPELINE, "if (why.goes_on && put_back", "if (why.goes_on && !untouched && put_back"),
    Mutant("given_up_before_it_is_put_back_and_written", PIPELINE, "    if (e.owner == nullptr) {\n      ledger_", "    if (false) {\n      ledger_"),
    Mutant("ping_counted_as_a_tombstone", PIPELINE, "ledger_.books().tombstones -= owner == nullptr ? 1 : 0;", "ledger_.books().tombstones -= 1;"),
    Mutant("ping_asked_behind_an_answer_owed", ACTIONS, "(wary || std::exchange(ping_wanted_, false)) && pipeline_.window_empty()", "(wary || std::exchange(ping_wanted_, false))"),
    Mutant("backs_off_for_ever", ACTIONS, "const time_point retry = state_ == state::backing_off ? servers_.retry_at() : never;", "const time_point retry = never;"),
    Mutant("backoff_over_its_most", "backoff.hpp", "ceiling_ > most_ / 2 ? most_ : 2 * ceiling_", "2 * ceiling_"),
    Mutant("server_beyond_the_last", "server_cycle.hpp", "(current_ + 1) % servers_", "current_ + 1"),
    Mutant("tries_never_exhausted_and_the_connect_forgotten", CONNECTING, "  connect_wanted_ = false;\n  connect_result_ = error;\n  if (servers_.exhausted())", "  connect_wanted_ = false;\n  if (servers_.exhausted())"),
    Mutant("leaves_with_answers_owed", ACTIONS, "!pipeline_.has_pending() &&\n         pipeline_.window_empty();", "!pipeline_.has_pending();"),
    Mutant("gone_back_to_with_a_whole_window", ACTIONS, "  wary_ = true; // it accepts, which a program that hangs does too\n", ""),
    Mutant("probe_left_behind_by_its_connection", "preferred_probe.hpp", "    stop_pending_ = stop_pending_ || (asking_ && !start_pending_);\n", ""),
    # Full queues.
    Mutant("newest_dropped_for_the_oldest", QUEUE, "oldest ? queue_.front() : queue_.back()", "queue_.back()"),
    Mutant("waiting_never_let_in", QUEUE, "  queued_bytes_ -= r.size;\n  refill();", "  queued_bytes_ -= r.size;"),
    Mutant("waiting_overtaken", QUEUE, "(!waiting_.empty() || !has_room(r))", "!has_room(r)"),
    Mutant("drain_forgotten_by_dropping", "session.hpp", "    finish_drain_if_done();\n    return dropped;", "    return dropped;"),
    Mutant("dropped_on_the_way_and_counted_as_held", "intake.hpp", "    fresh_bytes_ -= r.size;\n    fresh_events_ -= r.events;\n    r.error", "    fresh_events_ -= r.events;\n    r.error"),
]
