import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readVirtualisation, type Signs } from './virtualisation.ts';

const silent: Signs = {
  machine: undefined,
  container: undefined,
  hypervisorType: undefined,
  vendor: undefined,
  cpuinfo: undefined,
};
const guest = 'processor : 0\nflags : fpu hypervisor sse\n';

test('prefers the answers of systemd, and combines machine and container', () => {
  assert.equal(readVirtualisation({ ...silent, machine: 'kvm', container: 'none' }), 'kvm');
  assert.equal(readVirtualisation({ ...silent, machine: 'kvm', container: 'docker' }), 'docker in kvm');
  assert.equal(readVirtualisation({ ...silent, machine: 'none', container: 'lxc', cpuinfo: 'flags : fpu' }), 'lxc');
});

test('recognises a guest by the processor flag alone', () => {
  assert.equal(readVirtualisation({ ...silent, cpuinfo: guest }), 'virtual machine, kind unknown');
  assert.equal(readVirtualisation({ ...silent, cpuinfo: guest, vendor: 'Amazon EC2' }), 'virtual machine (Amazon EC2)');
  assert.equal(readVirtualisation({ ...silent, cpuinfo: guest, hypervisorType: 'xen' }), 'xen');
  assert.equal(readVirtualisation({ ...silent, cpuinfo: 'flags : fpu sse\n' }), 'none');
});

test('says nothing for a processor without the flag', () => {
  assert.equal(readVirtualisation({ ...silent, cpuinfo: 'Features : fp asimd\n' }), null);
  assert.equal(readVirtualisation(silent), null);
});
