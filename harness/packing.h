// SPDX-License-Identifier: Apache-2.0
// Values as octets, for the way from one process to another of the same program: members in order, numbers as
// they lie in memory, text and lists with their length in front.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

/// The struct, or the same const.
template <class T, class Struct>
concept MaybeConst = std::is_same_v<std::remove_const_t<T>, Struct>;

/// References to all members: a member that is added to a struct and not here does not compile.
template <MaybeConst<Frame> T>
auto members(T& value) {
  auto& [segment, origin, time, bytes, completed, comments] = value;
  return std::tie(segment, origin, time, bytes, completed, comments);
}

template <MaybeConst<Exhibit> T>
auto members(T& value) {
  auto& [time, segment, due] = value;
  return std::tie(time, segment, due);
}

template <MaybeConst<Finding> T>
auto members(T& value) {
  auto& [verdict, requirement, field, kind, reason, expected, observed, octets, combination, by, exhibit,
         accepted, due_by, everywhere] = value;
  return std::tie(verdict, requirement, field, kind, reason, expected, observed, octets, combination, by,
                  exhibit, accepted, due_by, everywhere);
}

template <MaybeConst<RuleCount> T>
auto members(T& value) {
  auto& [rule, times] = value;
  return std::tie(rule, times);
}

template <MaybeConst<CaseResult> T>
auto members(T& value) {
  auto& [id, suite, requirements, level, verdict, reason, expected, observed, difference, clause, evidence,
         source, config, duration, findings, frames, accepted, delivered, unjudged] = value;
  return std::tie(id, suite, requirements, level, verdict, reason, expected, observed, difference, clause,
                  evidence, source, config, duration, findings, frames, accepted, delivered, unjudged);
}

template <class T>
constexpr bool is_plain_old = std::is_arithmetic_v<T> || std::is_enum_v<T>;

/// Text, octets and lists.
template <class T>
constexpr bool is_list = false;
template <class T>
constexpr bool is_list<std::vector<T>> = true;
template <>
inline constexpr bool is_list<std::string> = true;

class Packer {
 public:
  template <class T>
  void put(const T& value) {
    if constexpr (is_plain_old<T>) {
      put_raw(&value, sizeof value);
    } else if constexpr (std::is_same_v<T, std::chrono::nanoseconds>) {
      put(value.count());
    } else if constexpr (is_list<T>) {
      put(value.size());
      if constexpr (is_plain_old<typename T::value_type>) {
        put_raw(value.data(), value.size() * sizeof(typename T::value_type));
      } else {
        for (const auto& one : value) put(one);
      }
    } else {
      std::apply([this](const auto&... member) { (this->put(member), ...); }, members(value));
    }
  }

  Bytes octets;

 private:
  void put_raw(const void* from, std::size_t length) {
    const auto* first = static_cast<const std::uint8_t*>(from);
    octets.insert(octets.end(), first, first + length);
  }
};

class Unpacker {
 public:
  explicit Unpacker(std::span<const std::uint8_t> octets) : left_(octets) {}

  template <class T>
  void take(T& value) {
    if constexpr (is_plain_old<T>) {
      take_raw(&value, sizeof value);
    } else if constexpr (std::is_same_v<T, std::chrono::nanoseconds>) {
      value = T(taken<typename T::rep>());
    } else if constexpr (is_list<T>) {
      const auto count = taken<std::size_t>();
      // No element is packed in less than one octet.
      if (count > left_.size()) throw std::out_of_range("a packed list ends early");
      value.resize(count);
      if constexpr (is_plain_old<typename T::value_type>) {
        take_raw(value.data(), count * sizeof(typename T::value_type));
      } else {
        for (auto& one : value) take(one);
      }
    } else {
      std::apply([this](auto&... member) { (this->take(member), ...); }, members(value));
    }
  }

 private:
  template <class T>
  T taken() {
    T value{};
    take(value);
    return value;
  }
  void take_raw(void* to, std::size_t length) {
    if (length > left_.size()) throw std::out_of_range("a packed value ends early");
    if (length > 0) std::memcpy(to, left_.data(), length);
    left_ = left_.subspan(length);
  }

  std::span<const std::uint8_t> left_;
};

/// Any number, text, list of them or struct with `members`.
template <class T>
Bytes pack(const T& value) {
  Packer packer;
  packer.put(value);
  return std::move(packer.octets);
}

/// What pack() has made, every member as it was. Throws std::out_of_range where it is cut short.
template <class T>
T unpack(std::span<const std::uint8_t> octets) {
  T value{};
  Unpacker(octets).take(value);
  return value;
}

}  // namespace relayspec
