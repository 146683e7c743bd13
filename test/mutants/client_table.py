"""The faults planted in what stands above the core: in the pool, the batch client, and
the batcher; as those in table.py."""

from table import Mutant

BATCH = "batch.cpp"
BATCHER = "batcher.cpp"
BATCHER_END = "batcher_end.cpp"
POOL = "client/pool_implementation.cpp"
ROUTER = "client/router.cpp"
SHELL = "client/batch_implementation.cpp"
STEPS = "client/batch_steps.cpp"

CLIENT_MUTANTS = [
    # What a pool moves.
    Mutant("withdrawn_and_taken_for_cancelled", POOL, "  if (what.withdrawn.asked() && error == errc::cancelled) {\n    return true;\n  }\n", ""),
    Mutant("moved_message_keeps_where_it_was_tried", ROUTER, "      what->tried = 0;\n      what->attempts = 0;\n", ""),
    Mutant("moved_message_counted_twice", ROUTER, "    way = next_route(*what, error);\n", "    way = next_route(*what, error);\n    ledger_.submitted(*what);\n"),
    Mutant("goes_on_for_a_lost_connection", POOL, "const bool elsewhere = never_got_there(error) ||", "const bool elsewhere = never_got_there(error) || error == errc::connection_lost ||"),
    Mutant("goes_on_over_the_era", ROUTER, "what->era != era_ || ", ""),
    Mutant("era_outlasts_a_cancel", ROUTER, "  ++era_;\n  stop();\n  // What is being", "  stop();\n  // What is being"),
    Mutant("era_outlasts_a_disconnect", ROUTER, "  ++drains_;\n  ++era_;\n", "  ++drains_;\n"),
    Mutant("given_up_and_still_moved", ROUTER, "    if (what->cancelled) {\n      error = errc::cancelled;\n      return false;\n    }\n", ""),
    Mutant("moved_with_its_whole_deadline", ROUTER, "      what->options.deadline = what->expires_at - time_.now();\n", ""),
    Mutant("moved_out_of_a_drain", POOL, "failed_ == members_.size() || over()) {", "failed_ == members_.size()) {"),
    Mutant("nothing_is_moved", POOL, "        withdraw(*next, *from.transport, from.losses);\n", ""),
    Mutant("withdrawn_though_written", ROUTER, "  from.cancel_operation(what.id, true);", "  from.cancel_operation(what.id, false);"),
    Mutant("withdrawn_for_ever", ROUTER, "  what.withdrawn.forget();\n", ""),
    Mutant("second_failure_not_looked_through", POOL, "  looked_through_ = 0;\n  forget_moves_in_vain();\n", "  forget_moves_in_vain();\n"),
    Mutant("names_of_none", "client/pool_implementation.hpp", "names_all() const noexcept override { return true; }", "names_all() const noexcept override { return false; }"),
    Mutant("ended_and_still_outstanding", POOL, "  --members_[by].outstanding;\n", ""),
    Mutant("busiest_is_chosen", POOL, "best = rank(p) < rank(best) ? p : best;", "best = rank(best) < rank(p) ? p : best;"),
    Mutant("failed_connection_chosen_first", POOL, "std::tuple{full, m.failed,", "std::tuple{full, !m.failed,"),
    Mutant("reopened_once", POOL, "  members_[p].reopening = false;\n", ""),
    Mutant("failed_connection_not_tried_again_while_messages_wait", POOL, "    reopen_failed(now());\n  }\n}", "  }\n}"),
    Mutant("moved_in_vain_and_not_forgotten", POOL, "  forget_moves_in_vain();\n  move_on();", "  move_on();"),
    # What goes to all of a pool.
    Mutant("connect_needs_all", POOL, "return joint_wait::need::one;", "return joint_wait::need::all;"),
    Mutant("cancel_reaches_nobody", ROUTER, "  visit([](detail::implementation& inside) { inside.cancel(); });\n", ""),
    Mutant("cancelling_one_reaches_nobody", ROUTER, "  visit([&](detail::implementation& inside) { inside.cancel_operation(id, only_unwritten); });\n", "  static_cast<void>(only_unwritten);\n"),
    Mutant("close_reaches_nobody", ROUTER, "  visit([](detail::implementation& inside) { inside.close(); });\n", ""),
    Mutant("attempts_counted_as_ended_twice", ROUTER, "  ledger_.ended(what, o);\n", "  ledger_.ended(what, o);\n  ++ledger_.books().messages.acked;\n"),
    # Handing batches over.
    Mutant("flush_finished_and_not_told", SHELL, "  c.finished.splice(c.finished.end(), flushes_, at);\n", "  static_cast<void>(c);\n  flushes_.erase(at);\n"),
    Mutant("alarm_not_armed", SHELL, "    io_->clock->set(due, shared_from_this());\n", ""),
    Mutant("alarm_rings_once", STEPS, "  armed_for_ = core::never;\n  hand_over_all", "  hand_over_all"),
    Mutant("woken_once", STEPS, "  waking_ = false;\n  hand_over_all", "  hand_over_all"),
    Mutant("handing_over_without_end", STEPS, "    handing_over_ = false;\n", ""),
    Mutant("losses_told_once", STEPS, "      telling_ = false;\n      return;\n", "      return;\n"),
    Mutant("acked_taken_for_sent", STEPS, "return books.acked == 0 && books.sent != 0;", "return true;"),
    Mutant("only_one_batch_is_handed_over", STEPS, "    while (core::batch* const b = batcher_.next(now)) {", "    if (core::batch* const b = batcher_.next(now)) {"),
    # Gathering.
    Mutant("last_batch_goes_first", BATCHER, "outstanding_.splice(outstanding_.end(), gathered_, gathered_.begin());", "outstanding_.splice(outstanding_.end(), gathered_, std::prev(gathered_.end()));"),
    Mutant("nothing_outstanding_and_it_lingers", BATCHER, "  return outstanding_.empty() || (", "  return ("),
    Mutant("max_outstanding_ignored", BATCHER, "(outstanding_.size() < options_.max_outstanding &&\n", "(\n"),
    Mutant("one_event_too_many", "batcher.hpp", "into.events() == options_.max_events", "into.events() == options_.max_events + 1"),
    Mutant("one_event_too_long", "batcher.hpp", "b.size() + size <= max_bytes_", "b.size() <= max_bytes_"),
    Mutant("one_event_too_many_is_queued", "batcher.hpp", "books_.events.queued < options_.max_queued_events &&", "books_.events.queued <= options_.max_queued_events &&"),
    Mutant("bytes_handed_over_and_still_queued", BATCHER, "  b.closed = true;\n  queued_bytes_ -= b.size();\n", "  b.closed = true;\n"),
    Mutant("newest_makes_way_for_the_oldest", BATCHER, "      drop(true);\n", "      drop(false);\n"),
    Mutant("age_not_applied", BATCHER, "later(gathered_.front().since, options_.max_age) <= now", "later(gathered_.front().since, options_.max_age) <= time_point{}"),
    Mutant("close_without_a_deadline", BATCHER, "if (state_ == state::closing && close_due_ <= now) {", "if (state_ == state::closing && close_due_ == never) {"),
    Mutant("closed_and_still_taking", BATCHER_END, "  if (state_ == state::open) {\n    state_ = state::closing;\n  }\n", ""),
    # How batches end.
    Mutant("rejected_and_its_waiters_told_acked", BATCHER_END, "    if (error) {\n      w.error = error;\n    }\n", ""),
    Mutant("halves_lost", BATCHER_END, "  put_in_order(halves);\n", ""),
    Mutant("halves_behind_the_rest_counted_in_flight", BATCHER_END, "  books_.events.in_flight -= alive;\n", ""),
    Mutant("second_half_waits_for_the_first", BATCH, "  behind.waiters_.splice(behind.waiters_.end(), waiters_, of_others, waiters_.end());\n", "  static_cast<void>(of_others);\n"),
    Mutant("given_up_and_sent_with_the_halves", BATCH, "    erase(index);\n  }\n  given_up_.clear();", "    static_cast<void>(index);\n  }\n  given_up_.clear();"),
    Mutant("flush_done_before_the_last_batch", BATCHER_END, "if (at->until < lowest) {", "if (at->until <= lowest) {"),
    Mutant("flush_forgets_what_is_outstanding", BATCHER_END, "      lowest = std::min(lowest, b.number());\n", ""),
    Mutant("flush_good_though_an_event_has_failed", BATCHER_END, "if (number <= f.until && !f.error) {", "if (number < f.until && !f.error) {"),
    Mutant("forgotten_batch_counted_again", BATCHER_END, "      b.forgotten = true;\n    }\n  }\n  settle();", "    }\n  }\n  settle();"),
    Mutant("shut_and_still_waiting", BATCHER_END, "    for (auto waiters = b.give_up_all(); !waiters.empty();) {\n      batch_waiter& w = waiters.front();\n      waiters.pop_front();\n      count(1, &tally::in_flight, errc::abandoned, false);\n      end(w, errc::abandoned, {});\n    }\n", "    static_cast<void>(b);\n"),
    Mutant("causes_counted_once_a_batch", BATCHER_END, "books_.causes.add(static_cast<errc>(error.value()), events);", "books_.causes.add(static_cast<errc>(error.value()));"),
    Mutant("losses_not_counted", BATCHER_END, "  books_.lost += events;\n", ""),
    Mutant("loss_told_without_those_before", BATCHER_END, "  known.events += events;\n", "  known.events = events;\n"),
    Mutant("handed_over_and_taken_out", BATCHER_END, "  } else if (!only_queued) {\n", "  } else {\n"),
    # An event that is written unmeasured.
    Mutant("unmeasured_over_the_queues_bound", "batcher.hpp", "!gathered_.empty() && has_room(bound)) [[likely]] {", "!gathered_.empty()) [[likely]] {"),
    Mutant("unmeasured_and_booked_by_its_bound", "batcher.hpp", "return taken(last, last.append_here(waiter, write), false);", "static_cast<void>(last.append_here(waiter, write));\n      return taken(last, bound, false);"),
]
