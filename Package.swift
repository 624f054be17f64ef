// swift-tools-version: 6.1
// Affetto: a Swift core behind a C ABI. README "Architecture" draws the floors; arrows here only point down.
import PackageDescription

// The distribution step (bindings/c/install.sh) builds the one self-contained library: Swift's standard library and the
// C dependencies linked statically, only affetto_* exported. Everyday builds stay free of unsafe flags.
let dist = Context.environment["AFFETTO_DIST"] == "1"
let root = Context.packageDirectory

func system(_ name: String, pkgConfig: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: dist ? nil : pkgConfig)
}

func module(_ name: String, _ imports: [String], resources: [String] = []) -> Target {
    .target(
        name: "Affetto\(name)", dependencies: imports.map { .init(stringLiteral: $0) }, path: "Sources/\(name)",
        exclude: resources)
}

func tests(_ name: String, _ imports: [String]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: (["Affetto\(name)"] + imports).map { .init(stringLiteral: $0) },
        path: "Tests/\(name)Tests")
}

let distLinking: [LinkerSetting] =
    dist
    ? [
        .unsafeFlags([
            "-static-stdlib", "-use-ld=lld", "-Xclang-linker", "-static-libgcc", "-L\(root)/.build/static-libs",
            // FoundationEssentials' own parts, which static linking does not pull in by itself.
            "-l_FoundationCollections", "-l_FoundationCShims",
            "-Xlinker", "--version-script=\(root)/Sources/CAPI/exports.map",
            "-Xlinker", "-soname=libaffetto.so.0", "-Xlinker", "-z", "-Xlinker", "nodelete",
            "-Xlinker", "--gc-sections", "-Xlinker", "--icf=safe", "-Xlinker", "--as-needed",
        ])
    ] : []

let package = Package(
    name: "affetto",
    products: [
        .library(name: "AffettoC", type: .dynamic, targets: ["AffettoCAPI"]),
        .library(name: "AffettoEngine", targets: ["AffettoEngine"]),
        .executable(name: "affetto", targets: ["affetto"]),
        .executable(name: "affetto-train", targets: ["affetto-train"]),
    ],
    dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")],
    targets: [
        // Floor 0: the public header as a module, system libraries, model packs
        .systemLibrary(name: "CAffetto", path: "Include"),
        system("CFFTW3", pkgConfig: "fftw3f"),
        system("CSQLite3", pkgConfig: "sqlite3"),
        system("CSodium", pkgConfig: "libsodium"),
        system("CSndfile", pkgConfig: "sndfile"),
        system("CZlib", pkgConfig: "zlib"),
        .target(name: "AffettoModelData", path: "Sources/ModelData", exclude: ["packs", "cards"]),

        // Floor 1: values, signals, learning machines
        module("Core", []),
        module("Signal", ["AffettoCore", "CFFTW3"]),
        module("Learning", ["AffettoCore"]),

        // Floor 2: one modality each; policy, store and pictures
        module("Voice", ["AffettoCore", "AffettoLearning", "AffettoSignal"]),
        module("Face", ["AffettoCore", "AffettoLearning"]),
        module("Text", ["AffettoCore", "AffettoLearning"]),
        module("Activity", ["AffettoCore"]),
        module("SelfReport", ["AffettoCore"]),
        module("Music", ["AffettoCore", "AffettoSignal"]),
        module("Policy", ["AffettoCore"]),
        module("Store", ["AffettoCore", "CSQLite3", "CSodium"]),
        module("Graphics", ["AffettoCore"]),

        // Floor 3
        module("Fusion", ["AffettoCore"]),
        module("Library", ["AffettoCore", "AffettoMusic", "AffettoStore"]),

        // Floor 4
        module("Intervention", ["AffettoCore"]),
        module("Guidance", ["AffettoCore", "AffettoGraphics"]),

        // Floor 5: the main flow
        module(
            "Engine",
            [
                "AffettoCore", "AffettoSignal", "AffettoLearning", "AffettoVoice", "AffettoFace", "AffettoText",
                "AffettoActivity", "AffettoSelfReport", "AffettoMusic", "AffettoPolicy", "AffettoStore", "AffettoFusion",
                "AffettoLibrary", "AffettoIntervention", "AffettoGuidance", "AffettoModelData",
            ]),

        // Floor 6: ways in
        .target(
            name: "AffettoCAPI", dependencies: [
                "CAffetto", "AffettoEngine", "AffettoLibrary", "AffettoVoice", "AffettoFace", "AffettoActivity",
                "AffettoSelfReport", "AffettoCore",
            ],
            path: "Sources/CAPI", exclude: ["exports.map"], linkerSettings: distLinking),
        module("AudioFiles", ["AffettoCore", "CSndfile"]),

        // Floor 7: tools
        .executableTarget(
            name: "affetto",
            dependencies: [
                "AffettoEngine", "AffettoAudioFiles", "AffettoLibrary", "AffettoVoice", "AffettoFace", "AffettoActivity",
                "AffettoSelfReport", "AffettoCore", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/affetto"),
        .executableTarget(
            name: "affetto-train",
            dependencies: [
                "AffettoVoice", "AffettoFace", "AffettoText", "AffettoLearning", "AffettoAudioFiles", "AffettoModelData", "CZlib",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/affetto-train"),

        // Tests mirror sources; those of the C ABI and of Python live in Tests/CAPI and bindings/python/tests.
        tests("Core", []),
        tests("Signal", []),
        tests("Learning", ["AffettoCore"]),
        tests("Voice", ["AffettoCore", "AffettoLearning"]),
        tests("Face", ["AffettoCore", "AffettoLearning"]),
        tests("Text", ["AffettoCore", "AffettoLearning"]),
        tests("Activity", ["AffettoCore"]),
        tests("SelfReport", ["AffettoCore"]),
        tests("Music", ["AffettoCore"]),
        tests("Policy", ["AffettoCore"]),
        tests("Store", ["AffettoCore", "CSQLite3"]),
        tests("Graphics", ["AffettoCore"]),
        tests("Fusion", ["AffettoCore"]),
        tests("Library", ["AffettoCore", "AffettoStore"]),
        tests("Intervention", ["AffettoCore"]),
        tests("Guidance", ["AffettoCore"]),
        tests("Engine", ["AffettoCore", "AffettoVoice", "AffettoAudioFiles", "AffettoSelfReport", "AffettoActivity"]),
        tests("AudioFiles", ["AffettoCore"]),
    ],
    swiftLanguageModes: [.v6]
)
