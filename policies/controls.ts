/** One control of a published framework; `specification` is our own reading in a line, never the standard's text. */
export interface Control {
  readonly name: string;
  readonly version: string;
  readonly reference: string;
  readonly specification: string;
}

/** The controls that the rules of this pack speak for. */
export const controls = {
  "k8s-pss/restricted": {
    name: "Kubernetes Pod Security Standards",
    version: "1.34",
    reference: "restricted",
    specification: "Pods run without root, without added rights and under a seccomp profile.",
  },
  "nist-800-53r5/AC-6": {
    name: "NIST SP 800-53",
    version: "Rev. 5",
    reference: "AC-6",
    specification: "A process has the rights that its task needs and no others.",
  },
  "nist-800-53r5/SC-7(5)": {
    name: "NIST SP 800-53",
    version: "Rev. 5",
    reference: "SC-7(5)",
    specification: "Traffic is refused unless it has been allowed.",
  },
  "nist-800-53r5/SI-7": {
    name: "NIST SP 800-53",
    version: "Rev. 5",
    reference: "SI-7",
    specification: "What runs is exactly what was built and reviewed.",
  },
  "iso-27001-2022/A.8.22": {
    name: "ISO/IEC 27001",
    version: "2022",
    reference: "A.8.22",
    specification: "Groups of users and services are kept apart on the network.",
  },
} as const satisfies Readonly<Record<string, Control>>;

export type ControlId = keyof typeof controls;
