/** The files around the app's code: how it is built, and what it is. */
import { appNameOf, bundleIdOf, fileNameOf } from './names';
import { swiftString } from './text';

/** `Package.swift` of an app that Swift Playgrounds and Xcode open. */
export function packageManifest(name: string): string {
  const title = swiftString(appNameOf(name));
  return `// swift-tools-version: 5.8

import PackageDescription
import AppleProductTypes

let package = Package(
    name: ${title},
    platforms: [
        .iOS("16.0")
    ],
    products: [
        .iOSApplication(
            name: ${title},
            targets: ["AppModule"],
            bundleIdentifier: ${swiftString(bundleIdOf(name))},
            displayVersion: "1.0",
            bundleVersion: "1",
            accentColor: .presetColor(.indigo),
            supportedDeviceFamilies: [
                .pad,
                .phone
            ],
            supportedInterfaceOrientations: [
                .portrait,
                .landscapeRight,
                .landscapeLeft,
                .portraitUpsideDown(.when(deviceFamilies: [.pad]))
            ]
        )
    ],
    targets: [
        .executableTarget(
            name: "AppModule",
            path: "App",
            resources: [
                .copy("Data/Network.model"),
                .copy("Data/Images.data")
            ]
        )
    ]
)
`;
}

/** `README.md` of the app's folder. */
export function appReadme(
  name: string,
  dataset: { readonly label: string; readonly licence: string },
): string {
  return `# ${name.replace(/\s+/g, ' ')}

An app that trains this network on an iPad or iPhone with iOS 16 or newer. Layerpad made it.

- **On an iPad:** open \`${fileNameOf(name)}.swiftpm\` in Swift Playgrounds and tap Run. No Mac is needed.
- **In Xcode:** open the same folder, choose a device, run.

The model comes as \`App/Data/Network.model\`, a Core ML model file under a name that no build compiles by itself; the app
compiles it when it starts. \`App/Data/Images.data\` holds the images; \`App/ExampleFile.swift\` says how.

After a training, the app shares the trained model as a \`.mlmodel\` file, which Layerpad opens again.

Images: ${dataset.label}. ${dataset.licence}.
`;
}
