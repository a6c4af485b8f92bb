// SPDX-License-Identifier: Apache-2.0
#include "testsuites/real/hosts.h"

#include <vector>

namespace relayspec {

// Where AppArmor confines a program to the files of the system's own service, a copy of it elsewhere is not
// confined.

std::span<const RealServer> real_servers() {
  static const std::vector<RealServer> servers = {
      {"kea",
       R"({"Dhcp4": {
  "interfaces-config": {"interfaces": ["eth0/198.51.100.2"], "dhcp-socket-type": "udp"},
  "lease-database": {"type": "memfile", "persist": false},
  "valid-lifetime": 600,
  "subnet4": [{"subnet": "192.0.2.0/24", "pools": [{"pool": "192.0.2.100-192.0.2.199"}],
               "option-data": [{"name": "routers", "data": "192.0.2.1"}]}],
  "loggers": [{"name": "kea-dhcp4", "severity": "INFO", "output_options": [{"output": "stderr"}]}]
}})",
       "cp \"$(command -v kea-dhcp4)\" kea\n"
       "KEA_PIDFILE_DIR=$PWD KEA_LOCKFILE_DIR=$PWD KEA_LOGGER_DESTINATION=stderr ./kea -c config </dev/null "
       "2>&1 &",
       "DHCP4_STARTED", "DHCP4_LEASE_ALLOC .* lease ADDRESS has been allocated",
       "DHCP4_RELEASE .* address ADDRESS was released properly"},
      {"dhcpd",
       R"(authoritative;
default-lease-time 600;
ping-check false;
subnet 192.0.2.0 netmask 255.255.255.0 { range 192.0.2.100 192.0.2.199; option routers 192.0.2.1; }
subnet 198.51.100.0 netmask 255.255.255.0 { }
)",
       "cp \"$(command -v dhcpd)\" dhcpd; touch leases\n"
       "./dhcpd -4 -f -d --no-pid -cf config -lf leases eth0 </dev/null 2>&1 &",
       "Server starting service", "DHCPACK on ADDRESS to", R"(DHCPRELEASE of ADDRESS from .* \(found\))"},
      {"dnsmasq",
       R"(port=0
no-ping
dhcp-authoritative
dhcp-leasefile=leases
dhcp-range=192.0.2.100,192.0.2.199,255.255.255.0,10m
dhcp-option=option:router,192.0.2.1
)",
       "dnsmasq -d -C config --pid-file= </dev/null 2>&1 &", "DHCP, IP range", R"(DHCPACK\(eth0\) ADDRESS )",
       R"(DHCPRELEASE\(eth0\) ADDRESS [0-9a-f:]+ ?$)"},
  };
  return servers;
}

std::span<const RealClient> real_clients() {
  static const std::string dhclient = "./dhclient -4 -sf ./configure-client -cf config -lf leases -pf pid ";
  static const std::vector<RealClient> clients = {
      {"dhclient", "supersede dhcp-renewal-time 1; supersede dhcp-rebinding-time 300;\n",
       "cp \"$(command -v dhclient)\" dhclient; touch leases\n" + dhclient + "-1 -d eth0 </dev/null 2>&1 &",
       "", dhclient + "-r eth0 </dev/null 2>&1"},
      {"udhcpc", "", "udhcpc -f -t 10 -T 1 -i eth0 -s ./configure-client </dev/null 2>&1 & client=$!",
       "kill -USR1 $client", "kill -USR2 $client"},
  };
  return clients;
}

}  // namespace relayspec
