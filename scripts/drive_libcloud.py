"""Drives the sandbox with Apache Libcloud's VPS.NET driver, which was written
against the real service and knows nothing of this project.

Usage: drive_libcloud.py HOST PORT
"""
import sys

from libcloud.common.types import InvalidCredsError
from libcloud.compute.drivers.vpsnet import VPSNetNodeDriver

host, port = sys.argv[1], int(sys.argv[2])
passed = 0


def check(what, ok):
    global passed
    if not ok:
        sys.exit(f"libcloud: {what}: failed")
    print(f"libcloud: {what}: ok")
    passed += 1


def driver(key):
    VPSNetNodeDriver.connectionCls.allow_insecure = True
    return VPSNetNodeDriver("sandbox@vps.net", key, secure=False, host=host, port=port)


d = driver("sandbox")
nodes = {n.name: n for n in d.list_nodes()}
check("list_nodes", sorted(nodes) == ["MySQL Server 01", "Web Server 01"])
check("list_images", any("Ubuntu 8.04 x64" in i.name for i in d.list_images()))
sizes = d.list_sizes()
check("list_sizes", len(sizes) == 4)
check("reboot_node", d.reboot_node(nodes["Web Server 01"]) is True)
check("destroy_node", d.destroy_node(nodes["MySQL Server 01"]) is True)
check("list_nodes after", [n.name for n in d.list_nodes()] == ["Web Server 01"])

# The driver sends no cloud_id, which the document demands: a 422 names it, and
# the driver, which takes every status for success, finds no virtual_machine.
try:
    d.create_node("D Tester", d.list_images()[0], sizes[0], ex_fqdn="d.example.com")
    check("create_node is refused", False)
except KeyError as e:
    check("create_node is refused", "virtual_machine" in str(e))
reply = d.connection.request("/virtual_machines.api10json", method="POST", data='{"virtual_machine":{"label":"D"}}').object
check("the refusal names cloud_id", ["cloud_id", "can't be blank"] in reply["errors"])

try:
    driver("wrong").list_nodes()
    check("refused credentials", False)
except InvalidCredsError:
    check("refused credentials", True)

print(f"{passed} passed, 0 failed")
