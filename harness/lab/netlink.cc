// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/netlink.h"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>

#include <vector>

#include "harness/lab/fd.h"

namespace relayspec {
namespace {

constexpr std::uint16_t mtu = 1500;
constexpr unsigned lower_up = 1U << 16U;  // IFF_LOWER_UP of linux/if.h, which excludes net/if.h

ifinfomsg* put_link_header(nlmsghdr* h, int index) {
  auto* link = static_cast<ifinfomsg*>(mnl_nlmsg_put_extra_header(h, sizeof(ifinfomsg)));
  link->ifi_family = AF_UNSPEC;
  link->ifi_index = index;
  return link;
}

void put_end(nlmsghdr* h, const LinkEnd& end) {
  mnl_attr_put_strz(h, IFLA_IFNAME, end.name.c_str());
  mnl_attr_put(h, IFLA_ADDRESS, Mac::address_size, end.mac.begin());
  mnl_attr_put_u32(h, IFLA_NET_NS_FD, static_cast<std::uint32_t>(end.namespace_fd));
  mnl_attr_put_u32(h, IFLA_MTU, mtu);
}

// libtins keeps an address in network order, as netlink wants it.
void put_address(nlmsghdr* h, std::uint16_t type, Ipv4 address) { mnl_attr_put_u32(h, type, address); }

struct Neighbour {
  std::uint8_t family;
  std::vector<std::uint8_t> address;
};

struct Neighbours {
  int index;
  std::vector<Neighbour> found;
};

int collect_neighbour(const nlmsghdr* h, void* data) {
  auto& all = *static_cast<Neighbours*>(data);
  const auto* neighbour = static_cast<const ndmsg*>(mnl_nlmsg_get_payload(h));
  // NUD_NOARP are the kernel's own entries for broadcast and multicast; they say nothing that was learnt.
  if (neighbour->ndm_ifindex != all.index || (neighbour->ndm_state & NUD_NOARP) != 0) return MNL_CB_OK;
  struct Target {
    Neighbours& all;
    std::uint8_t family;
  } target{all, neighbour->ndm_family};
  const auto keep_address = [](const nlattr* attribute, void* to) {
    if (mnl_attr_get_type(attribute) != NDA_DST) return MNL_CB_OK;
    const auto* bytes = static_cast<const std::uint8_t*>(mnl_attr_get_payload(attribute));
    const auto& t = *static_cast<Target*>(to);
    t.all.found.push_back({t.family, {bytes, bytes + mnl_attr_get_payload_len(attribute)}});
    return MNL_CB_OK;
  };
  return mnl_attr_parse(h, sizeof(ndmsg), keep_address, &target);
}

}  // namespace

Netlink::Netlink()
    : socket_(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC), &mnl_socket_close), in_(new char[buffer_size]) {
  if (!socket_ || mnl_socket_bind(socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0)
    throw_errno("cannot open netlink");
  port_ = mnl_socket_get_portid(socket_.get());
}

nlmsghdr* Netlink::start(std::uint16_t type, std::uint16_t flags) {
  nlmsghdr* h = mnl_nlmsg_put_header(out_.data());
  h->nlmsg_type = type;
  h->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  h->nlmsg_seq = ++sequence_;
  return h;
}

int Netlink::request(nlmsghdr* h, mnl_cb_t callback, void* data) {
  if (callback == nullptr) h->nlmsg_flags |= NLM_F_ACK;
  if (mnl_socket_sendto(socket_.get(), h, h->nlmsg_len) < 0) return errno;
  while (true) {
    const ssize_t length = mnl_socket_recvfrom(socket_.get(), in_.get(), buffer_size);
    if (length < 0) return errno;
    const int result =
        mnl_cb_run(in_.get(), static_cast<std::size_t>(length), sequence_, port_, callback, data);
    if (result < 0) return errno;
    if (result == MNL_CB_STOP) return 0;
  }
}

void Netlink::demand(nlmsghdr* h, const std::string& what) {
  if (const int error = request(h)) throw_errno(what, error);
}

void Netlink::create_veth(const LinkEnd& a, const LinkEnd& b) {
  nlmsghdr* h = start(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  put_link_header(h, a.index);
  put_end(h, a);
  nlattr* info = mnl_attr_nest_start(h, IFLA_LINKINFO);
  mnl_attr_put_strz(h, IFLA_INFO_KIND, "veth");
  nlattr* data = mnl_attr_nest_start(h, IFLA_INFO_DATA);
  nlattr* peer = mnl_attr_nest_start(h, VETH_INFO_PEER);
  put_link_header(h, b.index);
  put_end(h, b);
  mnl_attr_nest_end(h, peer);
  mnl_attr_nest_end(h, data);
  mnl_attr_nest_end(h, info);
  demand(h, "cannot make the link " + a.name + " (does the kernel have veth? try: modprobe veth)");
}

void Netlink::create_bridge(const std::string& name, int index, const Mac& mac) {
  nlmsghdr* h = start(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  put_link_header(h, index);
  mnl_attr_put_strz(h, IFLA_IFNAME, name.c_str());
  mnl_attr_put(h, IFLA_ADDRESS, Mac::address_size, mac.begin());
  nlattr* info = mnl_attr_nest_start(h, IFLA_LINKINFO);
  mnl_attr_put_strz(h, IFLA_INFO_KIND, "bridge");
  mnl_attr_nest_end(h, info);
  if (const int error = request(h); error == EOPNOTSUPP || error == ENODEV)
    throw LabMissing(fmt::format("the kernel has no bridges: {}", std::strerror(error)));
  else if (error != 0)
    throw_errno("cannot make the bridge " + name, error);
}

void Netlink::set_bridge(int port, int bridge) {
  nlmsghdr* h = start(RTM_NEWLINK, 0);
  put_link_header(h, port);
  mnl_attr_put_u32(h, IFLA_MASTER, static_cast<std::uint32_t>(bridge));
  demand(h, "cannot make a link of the lab a port of its bridge");
}

void Netlink::remove_link(int index) {
  nlmsghdr* h = start(RTM_DELLINK, 0);
  put_link_header(h, index);
  demand(h, "cannot delete a link of the lab");
}

void Netlink::quiet(int index, bool forwarding) {
  nlmsghdr* h = start(RTM_NEWLINK, 0);
  put_link_header(h, index);
  nlattr* families = mnl_attr_nest_start(h, IFLA_AF_SPEC);
  nlattr* family = mnl_attr_nest_start(h, AF_INET);
  nlattr* conf = mnl_attr_nest_start(h, IFLA_INET_CONF);
  mnl_attr_put_u32(h, IPV4_DEVCONF_FORWARDING, forwarding ? 1 : 0);
  for (const auto off : {IPV4_DEVCONF_RP_FILTER, IPV4_DEVCONF_SEND_REDIRECTS, IPV4_DEVCONF_ACCEPT_REDIRECTS,
                         IPV4_DEVCONF_ACCEPT_LOCAL, IPV4_DEVCONF_ARPFILTER, IPV4_DEVCONF_ARP_ANNOUNCE,
                         IPV4_DEVCONF_ARP_IGNORE, IPV4_DEVCONF_PROXY_ARP, IPV4_DEVCONF_BC_FORWARDING}) {
    mnl_attr_put_u32(h, static_cast<std::uint16_t>(off), 0);
  }
  mnl_attr_nest_end(h, conf);
  mnl_attr_nest_end(h, family);
  mnl_attr_nest_end(h, families);
  demand(h, "cannot set up IPv4 on a link of the lab");

  h = start(RTM_NEWLINK, 0);
  put_link_header(h, index);
  families = mnl_attr_nest_start(h, IFLA_AF_SPEC);
  family = mnl_attr_nest_start(h, AF_INET6);
  mnl_attr_put_u8(h, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
  mnl_attr_nest_end(h, family);
  mnl_attr_nest_end(h, families);
  const int error = request(h);
  // A kernel without IPv6 sends nothing by itself.
  if (error != 0 && error != EAFNOSUPPORT) throw_errno("cannot silence IPv6 on a link of the lab", error);
}

void Netlink::set_up(int index, bool up) {
  nlmsghdr* h = start(RTM_NEWLINK, 0);
  ifinfomsg* link = put_link_header(h, index);
  link->ifi_flags = up ? IFF_UP : 0;
  link->ifi_change = IFF_UP;
  demand(h, "cannot set a link of the lab up or down");
}

bool Netlink::has_carrier(int index) {
  nlmsghdr* h = start(RTM_GETLINK, 0);
  put_link_header(h, index);
  bool carrier = false;
  const auto read_flags = [](const nlmsghdr* answer, void* to) {
    const auto* link = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(answer));
    *static_cast<bool*>(to) = (link->ifi_flags & lower_up) != 0;
    return MNL_CB_STOP;
  };
  if (const int error = request(h, read_flags, &carrier))
    throw_errno("cannot read the state of a link of the lab", error);
  return carrier;
}

// A relay that sets addresses itself may have set this one already.
void Netlink::add_address(int index, Ipv4 address, unsigned prefix) {
  change_address(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, index, address, prefix);
}

void Netlink::remove_address(int index, Ipv4 address) { change_address(RTM_DELADDR, 0, index, address, 24); }

void Netlink::change_address(std::uint16_t type, std::uint16_t flags, int index, Ipv4 address,
                             unsigned prefix) {
  nlmsghdr* h = start(type, flags);
  auto* header = static_cast<ifaddrmsg*>(mnl_nlmsg_put_extra_header(h, sizeof(ifaddrmsg)));
  header->ifa_family = AF_INET;
  header->ifa_prefixlen = static_cast<unsigned char>(prefix);
  header->ifa_index = static_cast<std::uint32_t>(index);
  put_address(h, IFA_LOCAL, address);
  put_address(h, IFA_ADDRESS, address);
  if (prefix == 24)
    put_address(h, IFA_BROADCAST, Ipv4(std::uint32_t{address} | std::uint32_t{Ipv4("0.0.0.255")}));
  demand(h, "cannot change the address " + address.to_string() + " of a link of the lab");
}

nlmsghdr* Netlink::start_route(Ipv4 network, unsigned prefix, unsigned char scope) {
  nlmsghdr* h = start(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
  auto* route = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(h, sizeof(rtmsg)));
  route->rtm_family = AF_INET;
  route->rtm_dst_len = static_cast<unsigned char>(prefix);
  route->rtm_table = RT_TABLE_MAIN;
  route->rtm_protocol = RTPROT_STATIC;
  route->rtm_scope = scope;
  route->rtm_type = RTN_UNICAST;
  put_address(h, RTA_DST, network);
  return h;
}

void Netlink::add_route(Ipv4 network, unsigned prefix, Ipv4 gateway) {
  nlmsghdr* h = start_route(network, prefix, RT_SCOPE_UNIVERSE);
  put_address(h, RTA_GATEWAY, gateway);
  demand(h, "cannot add the route to " + network.to_string());
}

void Netlink::add_link_route(int index, Ipv4 network, unsigned prefix, Ipv4 source) {
  nlmsghdr* h = start_route(network, prefix, RT_SCOPE_LINK);
  put_address(h, RTA_PREFSRC, source);
  mnl_attr_put_u32(h, RTA_OIF, static_cast<std::uint32_t>(index));
  demand(h, "cannot add the route to " + network.to_string());
}

void Netlink::flush_neighbours(int index) {
  Neighbours all{index, {}};
  nlmsghdr* h = start(RTM_GETNEIGH, NLM_F_DUMP);
  static_cast<ndmsg*>(mnl_nlmsg_put_extra_header(h, sizeof(ndmsg)))->ndm_family = AF_UNSPEC;
  if (const int error = request(h, collect_neighbour, &all))
    throw_errno("cannot list the relay's neighbours", error);

  for (const Neighbour& neighbour : all.found) {
    h = start(RTM_DELNEIGH, 0);
    auto* header = static_cast<ndmsg*>(mnl_nlmsg_put_extra_header(h, sizeof(ndmsg)));
    header->ndm_family = neighbour.family;
    header->ndm_ifindex = index;
    mnl_attr_put(h, NDA_DST, neighbour.address.size(), neighbour.address.data());
    const int error = request(h);
    if (error != 0 && error != ENOENT)
      throw_errno("cannot remove a neighbour of the relay", error);  // gone by itself
  }
}

}  // namespace relayspec
