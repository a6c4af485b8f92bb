// SPDX-License-Identifier: Apache-2.0
// Messages of real exchanges, taken down with tcpdump 4.99 on both sides of relays of other makers: each as
// it came to the relay and as it left. Every octet is given; "00*64" stands for 64 times the octet, what
// follows a semicolon for people.
//
// The site is that of the tests: downlinks 192.0.2.1 and 203.0.113.1, uplink 198.51.100.1, server
// 198.51.100.2.
#pragma once

#include <string_view>

namespace relayspec::relay::recorded {

struct Exchange {
  const char* name;
  std::string_view came, left;
};

// dhclient 4.4.3 and ISC dhcpd 4.4.3, relayed by dnsmasq 2.90.

inline constexpr Exchange dnsmasq_discover{"dnsmasq_discover", R"(
  ; the DISCOVER as the client sent it
  01 01 06 00                                      ; op, htype, hlen, hops
  17 57 aa 08                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  00 00 00 00                                      ; yiaddr
  00 00 00 00                                      ; siaddr
  00 00 00 00                                      ; giaddr
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 01                                         ; message type: DISCOVER
  0c 08 63 6c 69 65 6e 74 2d 61                    ; host name
  37 05 01 1c 03 0f 06                             ; parameter list
  ff                                               ; END
  00*39                                            ; behind END
)",
                                           R"(
  ; and as the relay passed it on
  01 01 06 01                                      ; op, htype, hlen, hops
  17 57 aa 08                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  00 00 00 00                                      ; yiaddr
  00 00 00 00                                      ; siaddr
  c0 00 02 01                                      ; giaddr 192.0.2.1
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 01                                         ; message type: DISCOVER
  0c 08 63 6c 69 65 6e 74 2d 61                    ; host name
  37 05 01 1c 03 0f 06                             ; parameter list
  ff                                               ; END
  00*39                                            ; behind END
)"};

inline constexpr Exchange dnsmasq_offer{"dnsmasq_offer", R"(
  ; the OFFER as the server sent it
  02 01 06 01                                      ; op, htype, hlen, hops
  17 57 aa 08                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  c0 00 02 64                                      ; yiaddr 192.0.2.100
  00 00 00 00                                      ; siaddr
  c0 00 02 01                                      ; giaddr 192.0.2.1
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 02                                         ; message type: OFFER
  36 04 c6 33 64 02                                ; server identifier
  33 04 00 00 0e 10                                ; lease time
  01 04 ff ff ff 00                                ; subnet mask
  03 04 c0 00 02 01                                ; router
  0f 0b 65 78 61 6d 70 6c 65 2e 6e 65 74           ; domain name
  ff                                               ; END
  00*19                                            ; behind END
)",
                                        R"(
  ; and as the relay passed it on
  02 01 06 01                                      ; op, htype, hlen, hops
  17 57 aa 08                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  c0 00 02 64                                      ; yiaddr 192.0.2.100
  00 00 00 00                                      ; siaddr
  c0 00 02 01                                      ; giaddr 192.0.2.1
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 02                                         ; message type: OFFER
  36 04 c6 33 64 02                                ; server identifier
  33 04 00 00 0e 10                                ; lease time
  01 04 ff ff ff 00                                ; subnet mask
  03 04 c0 00 02 01                                ; router
  0f 0b 65 78 61 6d 70 6c 65 2e 6e 65 74           ; domain name
  ff                                               ; END
  00*19                                            ; behind END
)"};

// dhclient 4.4.3 and ISC dhcpd 4.4.3, relayed by ISC dhcrelay 4.4.3 with -a (option 82).

inline constexpr Exchange dhcrelay_discover{"dhcrelay_discover", R"(
  ; the DISCOVER as the client sent it
  01 01 06 00                                      ; op, htype, hlen, hops
  23 9a 86 3b                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  00 00 00 00                                      ; yiaddr
  00 00 00 00                                      ; siaddr
  00 00 00 00                                      ; giaddr
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 01                                         ; message type: DISCOVER
  0c 08 63 6c 69 65 6e 74 2d 61                    ; host name
  37 05 01 1c 03 0f 06                             ; parameter list
  ff                                               ; END
  00*39                                            ; behind END
)",
                                            R"(
  ; and as the relay passed it on
  01 01 06 01                                      ; op, htype, hlen, hops
  23 9a 86 3b                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  00 00 00 00                                      ; yiaddr
  00 00 00 00                                      ; siaddr
  c0 00 02 01                                      ; giaddr 192.0.2.1
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 01                                         ; message type: DISCOVER
  0c 08 63 6c 69 65 6e 74 2d 61                    ; host name
  37 05 01 1c 03 0f 06                             ; parameter list
  52 04 01 02 63 30                                ; relay agent information: circuit-id, remote-id
  ff                                               ; END
  00*33                                            ; behind END
)"};

inline constexpr Exchange dhcrelay_offer{"dhcrelay_offer", R"(
  ; the OFFER as the server sent it
  02 01 06 01                                      ; op, htype, hlen, hops
  23 9a 86 3b                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  c0 00 02 64                                      ; yiaddr 192.0.2.100
  00 00 00 00                                      ; siaddr
  c0 00 02 01                                      ; giaddr 192.0.2.1
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 02                                         ; message type: OFFER
  36 04 c6 33 64 02                                ; server identifier
  33 04 00 00 0e 10                                ; lease time
  01 04 ff ff ff 00                                ; subnet mask
  03 04 c0 00 02 01                                ; router
  0f 0b 65 78 61 6d 70 6c 65 2e 6e 65 74           ; domain name
  52 04 01 02 63 30                                ; relay agent information: circuit-id, remote-id
  ff                                               ; END
  00*13                                            ; behind END
)",
                                         R"(
  ; and as the relay passed it on
  02 01 06 01                                      ; op, htype, hlen, hops
  23 9a 86 3b                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  c0 00 02 64                                      ; yiaddr 192.0.2.100
  00 00 00 00                                      ; siaddr
  c0 00 02 01                                      ; giaddr 192.0.2.1
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 02                                         ; message type: OFFER
  36 04 c6 33 64 02                                ; server identifier
  33 04 00 00 0e 10                                ; lease time
  01 04 ff ff ff 00                                ; subnet mask
  03 04 c0 00 02 01                                ; router
  0f 0b 65 78 61 6d 70 6c 65 2e 6e 65 74           ; domain name
  ff                                               ; END
  00*19                                            ; behind END
)"};

inline constexpr Exchange dhcrelay_request{"dhcrelay_request", R"(
  ; the REQUEST as the client sent it
  01 01 06 00                                      ; op, htype, hlen, hops
  23 9a 86 3b                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  00 00 00 00                                      ; yiaddr
  00 00 00 00                                      ; siaddr
  00 00 00 00                                      ; giaddr
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 03                                         ; message type: REQUEST
  36 04 c6 33 64 02                                ; server identifier
  32 04 c0 00 02 64                                ; requested address
  0c 08 63 6c 69 65 6e 74 2d 61                    ; host name
  37 05 01 1c 03 0f 06                             ; parameter list
  ff                                               ; END
  00*27                                            ; behind END
)",
                                           R"(
  ; and as the relay passed it on
  01 01 06 01                                      ; op, htype, hlen, hops
  23 9a 86 3b                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  00 00 00 00                                      ; yiaddr
  00 00 00 00                                      ; siaddr
  c0 00 02 01                                      ; giaddr 192.0.2.1
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 03                                         ; message type: REQUEST
  36 04 c6 33 64 02                                ; server identifier
  32 04 c0 00 02 64                                ; requested address
  0c 08 63 6c 69 65 6e 74 2d 61                    ; host name
  37 05 01 1c 03 0f 06                             ; parameter list
  52 04 01 02 63 30                                ; relay agent information: circuit-id, remote-id
  ff                                               ; END
  00*21                                            ; behind END
)"};

inline constexpr Exchange dhcrelay_ack{"dhcrelay_ack", R"(
  ; the ACK as the server sent it
  02 01 06 01                                      ; op, htype, hlen, hops
  23 9a 86 3b                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  c0 00 02 64                                      ; yiaddr 192.0.2.100
  00 00 00 00                                      ; siaddr
  c0 00 02 01                                      ; giaddr 192.0.2.1
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 05                                         ; message type: ACK
  36 04 c6 33 64 02                                ; server identifier
  33 04 00 00 0e 10                                ; lease time
  01 04 ff ff ff 00                                ; subnet mask
  03 04 c0 00 02 01                                ; router
  0f 0b 65 78 61 6d 70 6c 65 2e 6e 65 74           ; domain name
  52 04 01 02 63 30                                ; relay agent information: circuit-id, remote-id
  ff                                               ; END
  00*13                                            ; behind END
)",
                                       R"(
  ; and as the relay passed it on
  02 01 06 01                                      ; op, htype, hlen, hops
  23 9a 86 3b                                      ; xid
  00 00 00 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  c0 00 02 64                                      ; yiaddr 192.0.2.100
  00 00 00 00                                      ; siaddr
  c0 00 02 01                                      ; giaddr 192.0.2.1
  02 00 5e 00 53 0a                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 05                                         ; message type: ACK
  36 04 c6 33 64 02                                ; server identifier
  33 04 00 00 0e 10                                ; lease time
  01 04 ff ff ff 00                                ; subnet mask
  03 04 c0 00 02 01                                ; router
  0f 0b 65 78 61 6d 70 6c 65 2e 6e 65 74           ; domain name
  ff                                               ; END
  00*19                                            ; behind END
)"};

// dhclient 4.4.3 asks for an address of another network (INIT-REBOOT); the same relay.

inline constexpr Exchange dhcrelay_nak{"dhcrelay_nak", R"(
  ; the NAK as the server sent it
  02 01 06 01                                      ; op, htype, hlen, hops
  e7 d3 be 38                                      ; xid
  00 00 80 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  00 00 00 00                                      ; yiaddr
  00 00 00 00                                      ; siaddr
  cb 00 71 01                                      ; giaddr 203.0.113.1
  02 00 5e 00 53 0b                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 06                                         ; message type: NAK
  36 04 c6 33 64 02                                ; server identifier
  38 1f 72 65 71 75 65 73 74 65 64 20 61 64 64 72
  65 73 73 20 6e 6f 74 20 61 76 61 69 6c 61 62 6c
  65                                               ; message
  52 04 01 02 63 31                                ; relay agent information: circuit-id, remote-id
  ff                                               ; END
  00*11                                            ; behind END
)",
                                       R"(
  ; and as the relay passed it on
  02 01 06 01                                      ; op, htype, hlen, hops
  e7 d3 be 38                                      ; xid
  00 00 80 00                                      ; secs, flags
  00 00 00 00                                      ; ciaddr
  00 00 00 00                                      ; yiaddr
  00 00 00 00                                      ; siaddr
  cb 00 71 01                                      ; giaddr 203.0.113.1
  02 00 5e 00 53 0b                                ; chaddr
  00*10                                            ; behind hlen
  00*64                                            ; sname
  00*128                                           ; file
  63 82 53 63                                      ; magic cookie
  35 01 06                                         ; message type: NAK
  36 04 c6 33 64 02                                ; server identifier
  38 1f 72 65 71 75 65 73 74 65 64 20 61 64 64 72
  65 73 73 20 6e 6f 74 20 61 76 61 69 6c 61 62 6c
  65                                               ; message
  ff                                               ; END
  00*17                                            ; behind END
)"};

/// All of them, requests and replies apart.
inline constexpr const Exchange* requests[] = {&dnsmasq_discover, &dhcrelay_discover, &dhcrelay_request};
inline constexpr const Exchange* replies[] = {&dnsmasq_offer, &dhcrelay_offer, &dhcrelay_ack, &dhcrelay_nak};

}  // namespace relayspec::relay::recorded
