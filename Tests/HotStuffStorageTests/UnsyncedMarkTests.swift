import HotStuffStorage
import Testing

@Suite("the mark of a journal that is not synced")
struct UnsyncedMarkTests {
    private func makeDisk() throws -> (TemporaryDirectory, RealDisk) {
        let directory = try TemporaryDirectory()
        return (directory, try RealDisk(path: directory.path, createIfMissing: true))
    }

    @Test("no mark is never stale, and neither is one of this start of the machine")
    func fresh() throws {
        let (directory, disk) = try makeDisk()
        defer { withExtendedLifetime(directory) {} }
        let mark = UnsyncedMark(of: disk, bootIdentity: [1, 2, 3])
        #expect(try !mark.isStale())
        try mark.set()
        #expect(try !mark.isStale())
        #expect(try disk.exists("unsynced"))
    }

    @Test("a mark of another start of the machine is stale, and setting it again does not happen by itself")
    func stale() throws {
        let (directory, disk) = try makeDisk()
        defer { withExtendedLifetime(directory) {} }
        try UnsyncedMark(of: disk, bootIdentity: [1, 2, 3]).set()
        #expect(try UnsyncedMark(of: disk, bootIdentity: [1, 2, 4]).isStale())
        #expect(try UnsyncedMark(of: disk, bootIdentity: [1, 2]).isStale())
        #expect(try UnsyncedMark(of: disk, bootIdentity: [1, 2, 4]).isStale())
    }

    @Test("clearing syncs the journal and takes the mark away; without a mark it does nothing")
    func clear() throws {
        let (directory, disk) = try makeDisk()
        defer { withExtendedLifetime(directory) {} }
        let mark = UnsyncedMark(of: disk, bootIdentity: [1])
        try mark.clear()
        try mark.set()
        _ = try disk.open("journal-0000000001", .createIfMissing)
        try mark.clear()
        #expect(try !disk.exists("unsynced"))
    }

    @Test("this machine has a boot identity that stays the same")
    func identity() throws {
        let (directory, disk) = try makeDisk()
        defer { withExtendedLifetime(directory) {} }
        try UnsyncedMark(of: disk).set()
        #expect(try !UnsyncedMark(of: disk).isStale())
        #expect(try disk.open("unsynced", .existing).size() > 0)
    }
}
