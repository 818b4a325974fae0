#pragma once

#include "core/base/assert.h"
#include "core/base/error.h"

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace streamwright {

/// A value or the reason why there is none. Exceptions do not cross a module's edge; this does.
template <typename T>
class [[nodiscard]] Result {
public:
    using Value = T;

    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error)) {} // NOLINT(google-explicit-constructor)

    template <typename U = T>
    requires(std::constructible_from<T, U&&>&& std::convertible_to<U&&, T> &&
             !std::same_as<std::remove_cvref_t<U>, Error> && !std::same_as<std::remove_cvref_t<U>, Result>)
        Result(U&& value)
        : m_state(std::in_place_index<0>, std::forward<U>(value)) // NOLINT(google-explicit-constructor)
    {
    }

    [[nodiscard]] bool hasValue() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return hasValue(); }

    [[nodiscard]] T& value() &
    {
        SW_ASSERT(hasValue(), "a failed Result has no value");
        return *std::get_if<0>(&m_state);
    }
    [[nodiscard]] const T& value() const&
    {
        SW_ASSERT(hasValue(), "a failed Result has no value");
        return *std::get_if<0>(&m_state);
    }
    [[nodiscard]] T&& value() && { return std::move(value()); }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(value()); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const&
    {
        SW_ASSERT(!hasValue(), "a Result with a value has no error");
        return *std::get_if<1>(&m_state);
    }
    [[nodiscard]] Error& error() &
    {
        SW_ASSERT(!hasValue(), "a Result with a value has no error");
        return *std::get_if<1>(&m_state);
    }
    [[nodiscard]] Error&& error() && { return std::move(error()); }

private:
    std::variant<T, Error> m_state;
};

/// Done, or the reason why not.
template <>
class [[nodiscard]] Result<void> {
public:
    using Value = void;

    Result() = default;
    Result(Error error) : m_error(std::move(error)) {} // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool hasValue() const noexcept { return !m_error.has_value(); }
    explicit operator bool() const noexcept { return hasValue(); }
    [[nodiscard]] const Error& error() const&
    {
        SW_ASSERT(m_error.has_value(), "a Result with a value has no error");
        return *m_error;
    }
    [[nodiscard]] Error&& error() &&
    {
        SW_ASSERT(m_error.has_value(), "a Result with a value has no error");
        return std::move(*m_error);
    }

private:
    std::optional<Error> m_error;
};

} // namespace streamwright
