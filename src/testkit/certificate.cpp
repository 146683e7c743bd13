#include "testkit/certificate_builder.hpp"
#include "testkit/key.hpp"

#include <riemann/testkit/certificate.hpp>

#include <stdexcept>
#include <utility>

namespace riemann::inline v0::testkit {

namespace {

/// How long an authority lasts: longer than what it signs, expired or to come.
constexpr std::chrono::hours authority_begins{-24 * 366};
constexpr std::chrono::hours authority_ends{24 * 366};

certificate_options authority_options(const std::string& common_name)
{
  return {.common_name = common_name,
          .names = {},
          .addresses = {},
          .not_before = authority_begins,
          .not_after = authority_ends};
}

} // namespace

std::string identity::encrypted_key_pem(const std::string& password) const
{
  if (password.empty()) {
    throw std::invalid_argument{"a password must not be empty"};
  }
  return detail::to_pem(detail::key_from_pem(key_pem).get(), password);
}

identity make_self_signed(const certificate_options& options)
{
  const auto key = detail::make_key(options.key);
  const auto certificate =
      detail::make_certificate(options, detail::holder::end_entity, key.get(), {});
  return {detail::to_pem(certificate.get()), detail::to_pem(key.get())};
}

class RIEMANN_HIDDEN certificate_authority::impl {
public:
  /// By `parent`, or by itself; `chain`: what is appended to those it issues.
  impl(const std::string& common_name, const impl* parent)
      : key_{detail::make_key(key_type::ec)},
        certificate_{detail::make_certificate(
            authority_options(common_name), detail::holder::authority, key_.get(),
            parent != nullptr ? parent->as_signer() : detail::signer{})},
        chain_{parent != nullptr ? certificate_pem() + parent->chain_ : std::string{}}
  {}

  [[nodiscard]] std::string certificate_pem() const { return detail::to_pem(certificate_.get()); }

  [[nodiscard]] identity issue(const certificate_options& options) const
  {
    const auto key = detail::make_key(options.key);
    const auto certificate =
        detail::make_certificate(options, detail::holder::end_entity, key.get(), as_signer());
    return {detail::to_pem(certificate.get()) + chain_, detail::to_pem(key.get())};
  }

private:
  [[nodiscard]] detail::signer as_signer() const noexcept
  {
    return {certificate_.get(), key_.get()};
  }

  detail::key_handle key_;
  detail::certificate_handle certificate_;
  /// The authorities from this one up to below the topmost, appended to what it
  /// issues.
  std::string chain_;
};

certificate_authority::certificate_authority(const std::string& common_name)
    : impl_{std::make_unique<impl>(common_name, nullptr)}
{}

certificate_authority::certificate_authority(std::unique_ptr<impl> i) noexcept : impl_{std::move(i)}
{}

certificate_authority::certificate_authority(certificate_authority&&) noexcept = default;
certificate_authority& certificate_authority::operator=(certificate_authority&&) noexcept = default;
certificate_authority::~certificate_authority() = default;

std::string certificate_authority::certificate_pem() const
{
  return impl_->certificate_pem();
}

identity certificate_authority::issue(const certificate_options& options) const
{
  return impl_->issue(options);
}

certificate_authority certificate_authority::issue_authority(const std::string& common_name) const
{
  return certificate_authority{std::make_unique<impl>(common_name, impl_.get())};
}

} // namespace riemann::inline v0::testkit
