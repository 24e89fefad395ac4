import Testing

@testable import Kernels

@Suite("The choice of a kernel")
struct KernelTests {
    @Test("plain Swift runs everywhere and is the slowest")
    func available() {
        #expect(Kernel.available.first == .swift)
        #expect(Kernel.available.contains(Kernel.preferred))
    }

    @Test("a processor with AVX-512 has AVX2")
    func families() {
        #expect(!Kernel.available.contains(.avx512) || Kernel.available.contains(.avx2))
    }

    @Test("the fastest is chosen unless a slower one is named")
    func preference() {
        #expect(Kernel.preferred(named: nil, among: [.swift, .avx2]) == .avx2)
        #expect(Kernel.preferred(named: "", among: [.swift, .avx2]) == .avx2)
        #expect(Kernel.preferred(named: "swift", among: [.swift, .avx2]) == .swift)
        #expect(Kernel.preferred(named: "avx2", among: [.swift, .avx2, .avx512]) == .avx2)
    }

    @Test("a name that is unknown or not available chooses plain Swift", arguments: ["avx512", "AVX2", "sse", " "])
    func unknownName(_ name: String) {
        #expect(Kernel.preferred(named: name, among: [.swift, .avx2]) == .swift)
    }
}
