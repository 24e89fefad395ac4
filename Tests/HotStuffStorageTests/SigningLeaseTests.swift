import HotStuff
import HotStuffStorage
import Testing

@testable import HotStuffSimulator

@Suite("the lease of what a replica signs")
struct SigningLeaseTests {
    @Test("a new bound is ahead, survives everything when it is there, and never goes back")
    func extends() throws {
        let disk = SimulatedDisk()
        var lease = try SigningLease(of: disk)
        #expect(lease.bound == nil)
        #expect(!lease.covers(.genesis))
        try lease.extend(over: View(10))
        let bound = View(10 + SigningLease<SimulatedDisk>.length)
        #expect(lease.bound == bound)
        #expect(lease.covers(bound))
        #expect(!lease.covers(View(bound.rawValue + 1)))
        disk.losePowerAndEverythingUnsynced()
        var again = try SigningLease(of: disk)
        #expect(again.bound == bound)
        try again.extend(over: View(3))
        #expect(again.bound == bound)
        try again.extend(over: View(.max))
        #expect(again.bound == View(.max))
    }

    @Test("a power cut while the bound moves leaves the old one or the new one, whatever the disk keeps")
    func powerCut() throws {
        for seed in UInt64(0)..<200 {
            let disk = SimulatedDisk()
            var lease = try SigningLease(of: disk)
            try lease.extend(over: View(10))
            let old = try #require(lease.bound)
            // The first or the second sync is the one that does not come to its end.
            disk.inject(
                SimulatedDisk.Fault(operation: .sync, code: 5, after: Int(seed % 2), leavesPending: true)
            )
            #expect(throws: DiskError.self) { try lease.extend(over: View(5_000)) }
            #expect(lease.bound == old)
            disk.losePower(seed: seed)
            let found = try SigningLease(of: disk).bound
            let new = View(5_000 + SigningLease<SimulatedDisk>.length)
            #expect(found == old || found == new, "seed \(seed)")
        }
    }

    @Test("one bad copy is made good by the other, whatever byte of it has changed")
    func badCopies() throws {
        let disk = SimulatedDisk()
        var lease = try SigningLease(of: disk)
        try lease.extend(over: View(10))
        let bound = lease.bound
        for place in [0, 4_096] {
            for offset in place..<place + 32 {
                disk.flip(bit: 3, at: offset, of: "lease")
                #expect(try SigningLease(of: disk).bound == bound, "byte \(offset)")
                disk.flip(bit: 3, at: offset, of: "lease")
            }
        }
        disk.flip(bit: 0, at: 9, of: "lease")
        disk.flip(bit: 0, at: 4_096 + 9, of: "lease")
        #expect(try SigningLease(of: disk).bound == nil)
    }

    @Test("after a power cut under the mark the lease says how much is forgotten; without one nobody knows")
    func amnesia() throws {
        let disk = SimulatedDisk()
        let mark = UnsyncedMark(of: disk, bootIdentity: [1])
        var lease = try SigningLease(of: disk)
        #expect(try mark.amnesia(under: lease) == nil)
        try mark.set()
        #expect(try mark.amnesia(under: lease) == nil)
        let later = UnsyncedMark(of: disk, bootIdentity: [2])
        #expect(try later.amnesia(under: lease) == .unknown)
        try lease.extend(over: View(44))
        #expect(try later.amnesia(under: lease) == .through(View(44 + SigningLease<SimulatedDisk>.length)))
    }
}
