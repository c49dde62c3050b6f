"""What Uptake is made of: a bill of materials, the licences, and the known weaknesses of what is locked.

usage: python .ci/dependencies.py sbom [FILE] | licences | advisories

`python3 dev.py` runs all three. Exit codes: 0 good, 1 a licence or a known weakness to look at, 2 wrong usage, 3 not
checked, because the service of advisories gave no answer.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
EXTRAS = ("", "postgres", "s3", "oidc")
"""What an installation can have: the program alone, and each of its extras."""
ADVISORY_SERVICE = "https://api.osv.dev/v1/query"
ADVISORY_VARIABLE = "UPTAKE_ADVISORY_SERVICE"
"""The environment variable that names another service with the same interface, such as a mirror."""
TIMEOUT_SECONDS, SOCKET_TIMEOUT_SECONDS = 180, 10
GOOD, BAD, NOT_CHECKED = 0, 1, 3
PERMISSIVE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python", "ISC", "MIT", "MIT-0", "MIT-CMU"),
    *("MPL-2.0", "PSF-2.0", "Unlicense"),
}
"""What may be installed with Uptake without a further thought, by SPDX id."""
REASONS = {
    "psycopg": "LGPL-3.0-only: an optional library that is used as it is",
    "psycopg-binary": "LGPL-3.0-only: as psycopg",
    "psycopg-pool": "LGPL-3.0-only: as psycopg",
    "qrcode": "BSD-3-Clause; the other licence is about the name “QR Code”",
    "kubernetes-validate": "Apache-2.0, which it calls “Apache”; development only",
    "bagit": "CC0-1.0: in the public domain; development only",
    "djlint": "GPL-3.0-or-later: a program that is run; development only",
    "pymerkle": "GPL-3.0-or-later: compared with in a test; development only",
    "text-unidecode": "Artistic-1.0-Perl, chosen of two; development only",
}
"""Distributions whose licence is not in the list, and why they may be used all the same."""
SPDX_OF_CLASSIFIER = {
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "OSI Approved": "",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}


def main(arguments: list[str]) -> int:
    command, *rest = arguments or [""]
    if command == "sbom" and len(rest) <= 1:
        return write_sbom(Path(rest[0]) if rest else None)
    if command in ("licences", "advisories") and not rest:
        return check_licences() if command == "licences" else check_advisories()
    print(__doc__, file=sys.stderr)
    return 2


def check_licences() -> int:
    """Print a sentence for each installed distribution whose licence is neither in the list nor explained."""
    refused = sorted(set(licence_problems(distributions())))
    for sentence in refused:
        print(sentence, file=sys.stderr)
    if refused:
        return BAD
    print("The licence of every installed distribution is in the list of allowed ones or explained.")
    return GOOD


def licence_problems(installed: object) -> Iterator[str]:
    for found in installed:  # type: ignore[attr-defined]
        name, licence = canonicalize_name(found.metadata["Name"]), licence_of(found)
        if name in REASONS or is_allowed(licence):
            continue
        yield (
            f"{name} is under “{licence or 'no licence that its metadata names'}”, which is not in the list of allowed "
            "licences. Use another library, or add it to REASONS in .ci/dependencies.py with the reason."
        )


def is_allowed(licence: str) -> bool:
    """Whether an SPDX expression can be met with allowed licences: one side of each OR, both sides of each AND."""
    choices = licence.replace("(", " ").replace(")", " ").split(" OR ")
    return any(all(part.strip() in PERMISSIVE for part in choice.split(" AND ")) for choice in choices)


def licence_of(found: Distribution) -> str:
    """The licence as an SPDX expression, from the newest kind of metadata that a distribution has."""
    if expression := found.metadata.get("License-Expression"):
        return str(expression)
    named = [c.rpartition(" :: ")[2] for c in found.metadata.get_all("Classifier", []) if c.startswith("License ::")]
    spdx = [SPDX_OF_CLASSIFIER.get(name, name) for name in named or [found.metadata.get("License", "")[:80]]]
    return " AND ".join(dict.fromkeys(name for name in spdx if name))


def check_advisories() -> int:
    """Ask the service of advisories about every locked version; honest if it gives no answer."""
    service = os.environ.get(ADVISORY_VARIABLE) or ADVISORY_SERVICE
    command = [
        *(sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--disable-pip", "--no-deps"),
        *("--vulnerability-service", "osv", "--osv-url", service, "--timeout", str(SOCKET_TIMEOUT_SECONDS)),
        *("--format", "json", "--desc", "off", "--progress-spinner", "off"),
    ]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
        asked = json.loads(answer.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return _not_checked(service, f"it took longer than {TIMEOUT_SECONDS} seconds")
    except (ValueError, KeyError):
        return _not_checked(service, (answer.stderr.strip().splitlines() or ["it said nothing"])[-1][:160])
    weak = [one for one in asked if one.get("vulns")]
    for one in weak:
        for found in one["vulns"]:
            cure = f"Lock {' or '.join(found['fix_versions'])}." if found["fix_versions"] else "There is no cure yet."
            print(f"{one['name']} {one['version']} has the known weakness {found['id']}. {cure}", file=sys.stderr)
    if not weak:
        print(f"No known weakness in {len(asked)} locked distributions, says {service}.")
    return BAD if weak else GOOD


def _not_checked(service: str, why: str) -> int:
    print(f"Known weaknesses: not checked, no answer from {service} ({why}). Run it again online.", file=sys.stderr)
    return NOT_CHECKED


def write_sbom(file: Path | None) -> int:
    """Write the bill of materials of an installation (CycloneDX 1.6, JSON); the same lock gives the same bytes."""
    text = sbom()
    if file:
        file.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return GOOD


def sbom() -> str:
    locked = dict(_locked())
    root = _component(distribution("uptake"), (), ComponentType.APPLICATION)
    bom = Bom(components=(), serial_number=uuid5(NAMESPACE_URL, LOCK.read_text("utf-8")))
    bom.metadata.component = root
    components = {name: _component(distribution(name), locked.get(name, ())) for name in runtime_names()}
    for component in components.values():
        bom.components.add(component)
    bom.register_dependency(root, [components[name] for name in _needed(distribution("uptake"), EXTRAS)])
    for name, component in components.items():
        bom.register_dependency(
            component, [components[n] for n in _needed(distribution(name), ("",)) if n in components]
        )
    content = json.loads(JsonV1Dot6(bom).output_as_string())
    content["metadata"].pop("timestamp", None)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def runtime_names() -> list[str]:
    """The distributions that an installation with all extras needs, by name."""
    names: set[str] = set()
    ahead = list(_needed(distribution("uptake"), EXTRAS))
    while ahead:
        name = ahead.pop()
        if name not in names:
            names.add(name)
            ahead += _needed(distribution(name), ("",))
    return sorted(names)


def _needed(found: Distribution, extras: tuple[str, ...]) -> list[str]:
    wanted = [Requirement(text) for text in found.requires or ()]
    needed = {
        canonicalize_name(r.name): r.extras
        for r in wanted
        if r.marker is None or any(r.marker.evaluate({"extra": extra}) for extra in extras)
    }
    more = [n for name, wished in needed.items() if wished for n in _needed(distribution(name), tuple(wished))]
    return sorted({*needed, *more})


def _component(found: Distribution, hashes: tuple[str, ...], kind: ComponentType = ComponentType.LIBRARY) -> Component:
    name, licence = canonicalize_name(found.metadata["Name"]), licence_of(found)
    purl = PackageURL("pypi", name=name, version=found.version)
    return Component(
        name=name,
        version=found.version,
        type=kind,
        bom_ref=str(purl),
        purl=purl if hashes else None,
        licenses=[LicenseFactory().make_from_string(licence)] if licence else (),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in hashes],
    )


def _locked() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each locked distribution with the digests of its files."""
    for entry in re.split(r"\n(?=\S)", LOCK.read_text("utf-8")):
        yield canonicalize_name(entry.partition("==")[0]), tuple(re.findall(r"sha256:([0-9a-f]{64})", entry))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
