"""The faults planted in what does I/O (in the shells round sockets, TLS and handlers, and in
the test server), and in what a pool and a hybrid do that the simulation does not come to; as
those in table.py. Real sockets find them, or tests without any: each names the suites of
those programs that are to."""

from table import Mutant

BLANK = "net/blank_implementation.cpp"
CORE = "testkit/connection_core.cpp"
FAULTS = "testkit/fault_plan.cpp"
HANDLER = "testkit/request_handler.cpp"
HYBRID = "client/hybrid_implementation.cpp"
INBOX = "net/inbox.hpp"
POOL = "client/pool_implementation.cpp"
ROUTER = "client/router.cpp"
SHELL = "net/session_shell_steps.hpp"
STREAM = "testkit/answer_stream.cpp"
TLS = "net/tls_channel.hpp"
TLS_END = "testkit/connection_tls.cpp"


def mutant(name, file, original, replacement, tests):
    return Mutant(name, file, original, replacement, tests)


NET_MUTANTS = [
    # What callers hand over.
    mutant("woken_once_and_never_again", INBOX, "    return {!std::exchange(waking_, true), tickets_};", "    return {false, tickets_};", "tcp_disconnect,tcp_cancel"),
    mutant("dropped_and_acts_not_told", INBOX, "      c.sends_before -= c.sends_before > place ? 1 : 0;\n", "      static_cast<void>(c);\n      static_cast<void>(place);\n", "overload"),
    mutant("acts_come_behind_what_was_handed_over_after", SHELL, "submit_until(taken_.front().sends_before, now);", "submit_until(submitted_ + fresh_.size(), now);", "tcp_cancel,tcp_disconnect"),
    # Cancelling one.
    mutant("written_and_taken_back", SHELL, "    if (!only_unwritten || core::unwritten(*found)) {\n      session_.give_up(*found);\n    }", "    session_.give_up(*found);", "tcp_cancel,promise_send"),
    # TLS.
    mutant("no_goodbye", TLS, "    if (clean) {\n      say_goodbye();\n    }\n", "    static_cast<void>(clean);\n", "tls_failure,tls_session,testkit_tls"),
    # No server at all.
    mutant("blank_and_disconnected_takes_more", BLANK, "    disconnected_ = true;\n", "", "blank_send"),
    # What is between two of a pool's connections.
    mutant("cancel_misses_what_is_handed_over", ROUTER, "    s.written_too = true;\n    s.handing_over.recall();\n", "    s.written_too = true;\n", "pool_elsewhere"),
    # What a pool withdraws in vain.
    mutant("withdrawn_in_vain_and_never_again", "client/routed_send.hpp", "return asked_ && losses_ == losses;", "return asked_;", "pool_withdrawals"),
    mutant("lost_again_and_not_looked_through", POOL, "  if (had_failed && withdrawn_ != 0) {", "  if (had_failed && withdrawn_ == 0) {", "pool_withdrawals"),
    mutant("losses_of_connections_not_counted", POOL, "  members_[p].losses += open ? 0 : 1;\n", "", "pool_withdrawals"),
    mutant("moved_in_vain_and_keeps_others_from_it", POOL, "    if (s->moving && is_stuck(*s)) {", "    if (s->moving && !s->withdrawn.asked() && is_stuck(*s)) {", "pool_withdrawals"),
    mutant("named_in_vain_and_counted_again", POOL, "one_more = !next->moving && !asked_before;", "one_more = !next->moving;", "pool_withdrawals"),
    # What a pool moves, and finds no room for.
    mutant("full_and_tried_again", POOL, "tried && m.outstanding != 0;", "tried && m.outstanding == 0;", "pool_room"),
    mutant("dropped_and_not_put_back", POOL, "error == errc::overloaded || error == errc::dropped;", "error == errc::overloaded;", "pool_room"),
    mutant("late_answer_speaks_for_a_lost_connection", POOL, "if (what.losses_before == members_[by].losses) {", "if (what.losses_before <= members_[by].losses) {", "pool_withdrawals"),
    # What a hybrid's retired datagrams leave.
    mutant("retired_and_its_datagrams_lost", HYBRID, "(error == errc::message_too_large || (was_retired && error == errc::disconnected));", "error == errc::message_too_large;", "hybrid_retirement"),
    mutant("refused_after_a_disconnect_and_tried_again", HYBRID, "was_retired = by != datagrams_at_;", "was_retired = by != stream;", "hybrid_retirement"),
    # The test server's connections, without sockets.
    mutant("garbage_swallows_the_answers_before", CORE, "== request_result::malformed) {\n    phase_ = connection_phase::finishing;", "== request_result::malformed) {\n    phase_ = connection_phase::closed;", "unit:testkit_*"),
    mutant("unread_up_to_the_limit_and_held_back", CORE, "answers_.unsent() > options_.max_unread_answers", "answers_.unsent() >= options_.max_unread_answers", "unit:testkit_*"),
    mutant("closes_at_accept_before_what_is_held_back", CORE, "  if (!is_full()) {\n    end_if_read();\n  }\n", "  end_if_read();\n", "unit:testkit_*"),
    mutant("closes_at_accept_too_late", CORE, "    *readable_ -= n;\n", "    *readable_ -= n - 1;\n", "unit:testkit_*"),
    mutant("faults_change_the_answer_last", CORE, "for (const bool content : {true, false}) {", "for (const bool content : {false, true}) {", "unit:testkit_*"),
    mutant("faults_not_counted", CORE, "  handler.counters().faults += faults.size();\n", "", "unit:testkit_*"),
    mutant("held_back_and_in_two_writes", STREAM, "      head_.insert(head_.end(), tail_.begin(), tail_.end());\n      tail_.clear();\n", "", "unit:testkit_*"),
    mutant("for_ever_is_once", FAULTS, "if (where.times == 1) {", "if (where.times <= 1) {", "unit:testkit_*"),
    mutant("fault_at_accept_by_any_message", FAULTS, "(where.message == fault_place::any && message != fault_place::accept);", "where.message == fault_place::any;", "unit:testkit_*"),
    mutant("kept_in_vain_and_counted_as_acked", HANDLER, "  --counters_.acks;\n  ++counters_.rejections;\n}", "  ++counters_.rejections;\n}", "unit:testkit_*"),
    mutant("rejected_and_applied", CORE, "    return handler.reject(body, refusal->text, out);", "    static_cast<void>(handler.handle(body, now, out));\n    out.resize(start);\n    return handler.reject(body, refusal->text, out);", "unit:testkit_*"),
    # ...and of its TLS.
    mutant("late_handshake_not_counted", TLS_END, "    ++state_->handler.counters().handshakes_failed;\n  }\n  close_socket();", "  }\n  close_socket();", "testkit_tls,testkit_tls_fault"),
]
