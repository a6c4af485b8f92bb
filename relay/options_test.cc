// SPDX-License-Identifier: Apache-2.0
#include "relayspec/relay/options.h"

#include "relay/test_bench.h"

namespace relayspec::relay::test {
namespace {

using Ended = OptionWalk::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;

struct Walked {
  std::vector<int> codes;
  Ended outcome;
  std::size_t position, behind_last;
};

Walked walk(std::string_view text) {
  const auto octets = hex(text);
  OptionWalk walk(octets, {0, octets.size()});
  Walked walked{};
  while (const auto option = walk.next()) walked.codes.push_back(option->code);
  EXPECT_FALSE(walk.next()) << "a walk that is over stays over";
  walked.outcome = walk.outcome();
  walked.position = walk.position();
  walked.behind_last = walk.behind_last_option();
  return walked;
}

TEST(OptionWalk, EndsAtEnd) {
  const auto walked = walk("35 01 01  0c 02 68 69  ff 35 01 02");
  EXPECT_THAT(walked.codes, ElementsAre(53, 12));
  EXPECT_EQ(walked.outcome, Ended::end_option);
  EXPECT_EQ(walked.position, 7U);
}

TEST(OptionWalk, StepsOverPadsOneByOne) {
  EXPECT_THAT(walk("00 35 01 01 00 00 00 0c 00 00 ff").codes, ElementsAre(53, 12));
}

TEST(OptionWalk, KnowsTheEndOfTheLastOptionWhenThereIsNoEnd) {
  const auto walked = walk("35 01 01 00 00");
  EXPECT_EQ(walked.outcome, Ended::exhausted);
  EXPECT_EQ(walked.behind_last, 3U);
  EXPECT_EQ(walk("").outcome, Ended::exhausted);
  EXPECT_EQ(walk("00 00").behind_last, 0U);
}

// A length that fits by an octet less, exactly, and not.
TEST(OptionWalk, LengthsAreHeldAgainstTheField) {
  EXPECT_EQ(walk("0c 02 aa bb cc ff").outcome, Ended::overrun) << "cc is a code, ff its length";
  EXPECT_EQ(walk("0c 03 aa bb cc").outcome, Ended::exhausted);
  EXPECT_EQ(walk("0c 04 aa bb cc").outcome, Ended::overrun);
  EXPECT_EQ(walk("35 01 01 0c 04 aa bb cc").position, 3U);
}

TEST(OptionWalk, ACodeAloneIsAnOverrun) {
  EXPECT_EQ(walk("35").outcome, Ended::overrun);
  EXPECT_THAT(walk("35 01 01 52").codes, ElementsAre(53));
  EXPECT_EQ(walk("35 01 01 52").outcome, Ended::overrun);
}

TEST(OptionWalk, TakesTheLongestOption) {
  EXPECT_EQ(walk("2b ff 11*255 ff").outcome, Ended::end_option);
  EXPECT_EQ(walk("2b ff 11*255").outcome, Ended::exhausted);
  EXPECT_EQ(walk("2b ff 11*254").outcome, Ended::overrun);
}

Octets with_fields(std::string_view options, std::string_view sname, std::string_view file) {
  auto octets = request(options);
  std::fill(octets.begin() + at::sname, octets.begin() + at::vend, std::uint8_t{0});
  put(octets, at::sname, sname);
  put(octets, at::file, file);
  return octets;
}

MessageType type_of(Octets octets) { return message_type(Message(octets, octets.size())); }

TEST(OptionFields, OverloadSaysWhatHoldsOptions) {
  const std::string_view sname = "35 01 05 ff", file = "35 01 06 ff";
  EXPECT_EQ(type_of(with_fields("63 82 53 63 34 01 01 ff", sname, file)), MessageType::nak);
  EXPECT_EQ(type_of(with_fields("63 82 53 63 34 01 02 ff", sname, file)), MessageType::ack);
  EXPECT_EQ(type_of(with_fields("63 82 53 63 34 01 03 ff", sname, file)), MessageType::nak)
      << "file comes first";
  for (const std::string_view overload : {"34 01 00", "34 01 04", "34 01 ff", "34 00", "34 02 01 01"})
    EXPECT_EQ(type_of(with_fields("63 82 53 63 " + std::string(overload) + " ff", sname, file)),
              MessageType::none)
        << overload;
}

TEST(OptionFields, AFieldDoesNotNameItself) {
  EXPECT_EQ(type_of(with_fields("63 82 53 63 34 01 02 ff", "34 01 01 ff", "35 01 06 ff")), MessageType::none);
}

TEST(OptionFields, NeedTheMagicCookie) {
  EXPECT_EQ(type_of(request("63 82 53 63 35 01 01 ff")), MessageType::discover);
  EXPECT_EQ(type_of(request("63 82 53 64 35 01 01 ff")), MessageType::none);
  EXPECT_EQ(type_of(request("63 82 53")), MessageType::none);
  EXPECT_EQ(type_of(request("63 82 53 63")), MessageType::none);
}

TEST(MessageType, IsOneOctetLong) {
  EXPECT_EQ(type_of(request("63 82 53 63 35 02 01 01 ff")), MessageType::none);
  EXPECT_EQ(type_of(request("63 82 53 63 35 00 ff")), MessageType::none);
}

}  // namespace
}  // namespace relayspec::relay::test
