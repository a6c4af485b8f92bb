// SPDX-License-Identifier: Apache-2.0
// Edits of messages, for any content.
#include "relayspec/harness/edits.h"

#include <gmock/gmock.h>

namespace relayspec {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

Bytes with_82(const Bytes& content) {
  return encode({.options = {{option::of(code::relay_agent, content)}}});
}

TEST(SubOption, IsFoundByItsCode) {
  const Bytes m = with_82({1, 2, 'a', 'b', 2, 0, 5, 1, 'c'});
  EXPECT_THAT(sub_option(m, 1), Optional(ElementsAre('a', 'b')));
  EXPECT_THAT(sub_option(m, 2), Optional(IsEmpty()));
  EXPECT_THAT(sub_option(m, 5), Optional(ElementsAre('c')));
  EXPECT_EQ(sub_option(m, 'a'), std::nullopt) << "a value is no code";
  EXPECT_EQ(sub_option(encode({}), 1), std::nullopt) << "no option 82";
}

TEST(SubOption, IsNotReadBehindTheEnd) {
  EXPECT_EQ(sub_option(with_82({1}), 1), std::nullopt);
  EXPECT_EQ(sub_option(with_82({1, 1}), 1), std::nullopt);
  EXPECT_THAT(sub_option(with_82({1, 1, 'a', 2, 3, 'b'}), 1), Optional(ElementsAre('a')));
  EXPECT_EQ(sub_option(with_82({1, 1, 'a', 2, 3, 'b'}), 2), std::nullopt);
}

TEST(SubOption, OfTheFirstOfTwo) {
  EXPECT_THAT(sub_option(with_82({1, 1, 'a', 1, 1, 'b'}), 1), Optional(ElementsAre('a')));
}

TEST(WithoutSubOption, LeavesTheOthersAsTheyAre) {
  const Bytes content{1, 1, 'a', 152, 0, 2, 1, 'b', 152, 1, 0};
  EXPECT_THAT(without_sub_option(content, 152), ElementsAre(1, 1, 'a', 2, 1, 'b'));
  EXPECT_EQ(without_sub_option(content, 9), content);
  EXPECT_THAT(without_sub_option({}, 1), IsEmpty());
}

TEST(WithoutSubOption, LeavesWhatIsCutShort) {
  EXPECT_THAT(without_sub_option(Bytes{1, 1, 'a', 2}, 1), ElementsAre(2));
  EXPECT_THAT(without_sub_option(Bytes{1, 5, 'a'}, 2), ElementsAre(1, 5, 'a'));
  EXPECT_THAT(without_sub_option(Bytes{1, 5, 'a'}, 1), IsEmpty());
}

TEST(Agent, IsOption82OfSubOptions) {
  EXPECT_THAT(agent({option::text(1, "ab"), option::of(2, {})}).wire,
              ElementsAre(82, 6, 1, 2, 'a', 'b', 2, 0));
  EXPECT_THAT(agent({}).wire, ElementsAre(82, 0));
}

TEST(Edits, ConcernTheFirstOptionOfACode) {
  const Message m{.options = {{option::text(12, "a"), option::pads(1), option::text(12, "b")}}};
  EXPECT_THAT(*without(m, 12).options, ElementsAre(option::pads(1), option::text(12, "b")));
  EXPECT_THAT(*replacing(m, 12, option::text(60, "c")).options,
              ElementsAre(option::text(60, "c"), option::pads(1), option::text(12, "b")));
}

TEST(Edits, OfWhatIsNotThereChangeNothing) {
  const Message m{.options = {{option::text(12, "a")}}};
  EXPECT_EQ(without(m, 13).options, m.options);
  EXPECT_EQ(replacing(m, 13, option::text(12, "b")).options, m.options);
  EXPECT_FALSE(without(Message{}, 12).options);
  EXPECT_FALSE(replacing(Message{}, 12, option::pads(1)).options);
}

}  // namespace
}  // namespace relayspec
