#ifndef RIEMANN_DETAIL_HANDLER_SLOT_HPP
#define RIEMANN_DETAIL_HANDLER_SLOT_HPP

#include <riemann/detail/nothrow_movable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/system_executor.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace riemann::inline v0::detail {

template <class Signature>
class handler_slot;

/**
 * A completion handler, erased and move-only, with room inside for the usual
 * one; the only place where handlers live. (`any_completion_handler` of Boost
 * 1.81 recurses for ever on move-assignment.)
 *
 * `executor()` says where the handler wants to run: a tracked executor of its
 * own, or none when that is the transport's.
 */
template <class... Args>
class handler_slot<void(Args...)> {
public:
  /// Handlers up to this size, in bytes, need no memory of their own.
  static constexpr std::size_t inline_capacity = 128;

  /// False: the handler has no executor of its own, whatever it is offered.
  template <class Handler>
  static constexpr bool may_be_foreign =
      !std::is_same_v<boost::asio::associated_executor_t<Handler>, boost::asio::system_executor> ||
      !std::is_same_v<boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>,
                      boost::asio::any_io_executor>;

  handler_slot() noexcept = default;

  template <class Handler>
    requires(!std::same_as<std::remove_cvref_t<Handler>, handler_slot>)
  handler_slot(Handler&& handler, const boost::asio::any_io_executor& own)
  {
    using stored = std::decay_t<Handler>;
    if constexpr (may_be_foreign<stored>) {
      executor_ = foreign_executor(handler, own);
    }
    construct<stored>(std::forward<Handler>(handler));
    table_ = &table_for<stored>;
  }

  handler_slot(handler_slot&& other) noexcept { take(other); }
  handler_slot& operator=(handler_slot&& other) noexcept
  {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  handler_slot(const handler_slot&) = delete;
  handler_slot& operator=(const handler_slot&) = delete;
  ~handler_slot() { reset(); }

  explicit operator bool() const noexcept { return table_ != nullptr; }

  /// Where to run it; empty: on the transport's own executor.
  [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

  /// The handler's own; not connected where it has none, or one of another type.
  [[nodiscard]] boost::asio::cancellation_slot cancellation_slot() const noexcept
  {
    return table_ != nullptr ? table_->slot_of(storage_) : boost::asio::cancellation_slot{};
  }

  /// To be called on the handler's executor: empties the slot, releases its
  /// memory, clears the handler's cancellation slot, and only then calls it.
  void operator()(Args... args) { invoke(args...); }

  /// As above, with arguments that it may move from where they are.
  void invoke(Args&... args)
  {
    const table* chosen = std::exchange(table_, nullptr);
    if (executor_) {
      // Held until the handler has returned: its context is not to run dry meanwhile.
      const auto work = std::exchange(executor_, boost::asio::any_io_executor{});
      chosen->invoke(storage_, args...);
    } else {
      chosen->invoke(storage_, args...);
    }
  }

  void reset() noexcept
  {
    if (table_ != nullptr) {
      std::exchange(table_, nullptr)->destroy(storage_);
      if (executor_) {
        executor_ = boost::asio::any_io_executor{};
      }
    }
  }

private:
  struct table {
    void (*invoke)(std::byte* storage, Args&... args);
    void (*relocate)(std::byte* from, std::byte* to) noexcept;
    void (*destroy)(std::byte* storage) noexcept;
    boost::asio::cancellation_slot (*slot_of)(const std::byte* storage) noexcept;
  };

  template <class Handler>
  static constexpr bool fits =
      sizeof(Handler) <= inline_capacity && alignof(Handler) <= alignof(std::max_align_t) &&
      nothrow_movable<Handler>;

  template <class Handler>
  using allocator_for = typename std::allocator_traits<
      boost::asio::associated_allocator_t<Handler>>::template rebind_alloc<Handler>;

  template <class Handler>
  static Handler* get(std::byte* storage) noexcept
  {
    if constexpr (fits<Handler>) {
      return std::launder(reinterpret_cast<Handler*>(storage));
    } else {
      return *std::launder(reinterpret_cast<Handler**>(storage));
    }
  }

  template <class Handler>
  static const Handler* get(const std::byte* storage) noexcept
  {
    if constexpr (fits<Handler>) {
      return std::launder(reinterpret_cast<const Handler*>(storage));
    } else {
      return *std::launder(reinterpret_cast<Handler* const*>(storage));
    }
  }

  template <class Handler, class Source>
  void construct(Source&& source)
  {
    if constexpr (fits<Handler>) {
      ::new (static_cast<void*>(storage_)) Handler(std::forward<Source>(source));
    } else {
      using traits = std::allocator_traits<allocator_for<Handler>>;
      allocator_for<Handler> allocator{boost::asio::get_associated_allocator(source)};
      Handler* memory = traits::allocate(allocator, 1);
      try {
        ::new (static_cast<void*>(memory)) Handler(std::forward<Source>(source));
      } catch (...) {
        traits::deallocate(allocator, memory, 1);
        throw;
      }
      ::new (static_cast<void*>(storage_)) Handler*(memory);
    }
  }

  /// `teller`: the handler, or what it was moved to, whose allocator it is.
  template <class Handler>
  static void release(std::byte* storage, const Handler& teller) noexcept
  {
    Handler* handler = get<Handler>(storage);
    if constexpr (fits<Handler>) {
      handler->~Handler();
    } else {
      using traits = std::allocator_traits<allocator_for<Handler>>;
      allocator_for<Handler> allocator{boost::asio::get_associated_allocator(teller)};
      handler->~Handler();
      traits::deallocate(allocator, handler, 1);
    }
  }

  template <class Handler>
  static void destroy_stored(std::byte* storage) noexcept
  {
    release(storage, *get<Handler>(storage));
  }

  template <class Handler>
  static void invoke_stored(std::byte* storage, Args&... args)
  {
    Handler handler{std::move(*get<Handler>(storage))};
    release(storage, handler);
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) {
      slot.clear();
    }
    std::move(handler)(std::move(args)...);
  }

  template <class Handler>
  static void relocate_stored(std::byte* from, std::byte* to) noexcept
  {
    if constexpr (fits<Handler>) {
      ::new (static_cast<void*>(to)) Handler(std::move(*get<Handler>(from)));
      get<Handler>(from)->~Handler();
    } else {
      ::new (static_cast<void*>(to)) Handler*(get<Handler>(from));
    }
  }

  template <class Handler>
  static boost::asio::cancellation_slot slot_of_stored(const std::byte* storage) noexcept
  {
    using slot = boost::asio::associated_cancellation_slot_t<Handler>;
    if constexpr (std::is_same_v<slot, boost::asio::cancellation_slot>) {
      return boost::asio::get_associated_cancellation_slot(*get<Handler>(storage));
    }
    return {};
  }

  template <class Handler>
  static constexpr table table_for{&invoke_stored<Handler>, &relocate_stored<Handler>,
                                   &destroy_stored<Handler>, &slot_of_stored<Handler>};

  template <class Handler>
  static boost::asio::any_io_executor foreign_executor(const Handler& handler,
                                                       const boost::asio::any_io_executor& own)
  {
    auto&& executor = boost::asio::get_associated_executor(handler, own);
    if (executor == own) {
      return {};
    }
    return boost::asio::prefer(executor, boost::asio::execution::outstanding_work.tracked);
  }

  void take(handler_slot& other) noexcept
  {
    if (other.table_ != nullptr) {
      table_ = std::exchange(other.table_, nullptr);
      table_->relocate(other.storage_, storage_);
      if (other.executor_) {
        executor_ = std::exchange(other.executor_, boost::asio::any_io_executor{});
      }
    }
  }

  const table* table_ = nullptr;
  boost::asio::any_io_executor executor_{};
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): raw room
  alignas(std::max_align_t) std::byte storage_[inline_capacity];
};

} // namespace riemann::inline v0::detail

#endif
