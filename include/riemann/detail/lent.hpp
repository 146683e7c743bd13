#ifndef RIEMANN_DETAIL_LENT_HPP
#define RIEMANN_DETAIL_LENT_HPP

#include <memory>
#include <utility>

namespace riemann::inline v0::detail {

/**
 * A shared object for the time of a call, whose copies own it.
 *
 * What starts at once is called where it was made and owns nothing, which saves two
 * atomic operations; what is kept for later was copied or moved there, and owns.
 */
template <class T>
class lent {
public:
  lent(const std::shared_ptr<T>& lender) noexcept : lender_{&lender} {}
  lent(std::shared_ptr<T>&&) = delete;
  lent(const lent& other) noexcept : own_{other.get()} {}
  lent(lent&& other) noexcept : own_{std::move(other).take()} {}
  lent& operator=(lent other) noexcept
  {
    own_ = std::move(other).take();
    lender_ = nullptr;
    return *this;
  }
  ~lent() = default;

  [[nodiscard]] const std::shared_ptr<T>& get() const noexcept
  {
    return lender_ != nullptr ? *lender_ : own_;
  }
  T* operator->() const noexcept { return get().get(); }

private:
  [[nodiscard]] std::shared_ptr<T> take() && noexcept
  {
    if (lender_ != nullptr) {
      return *lender_;
    }
    return std::move(own_);
  }

  std::shared_ptr<T> own_{};
  const std::shared_ptr<T>* lender_ = nullptr; ///< none: it is an owner
};

} // namespace riemann::inline v0::detail

#endif
