"""Writes one object of the environment's artifact bucket to stdout, with the role of the node it runs on.

usage: fetch-artifact.py BUCKET REGION KEY

Needs nothing but Python 3.6: nodes have no tools of OSS, and may fetch none.
"""

import datetime
import hashlib
import hmac
import json
import shutil
import sys
import urllib.parse
import urllib.request

METADATA = "http://100.100.100.200/latest"
# How long the first byte may take; a node that waits for ever never says why.
TIMEOUT_SECONDS = 30


def authorization(credentials, bucket, region, key, date):
    """Headers of a GET by OSS signature version 4, which new accounts have to use."""
    headers = {"x-oss-content-sha256": "UNSIGNED-PAYLOAD", "x-oss-date": date}
    if credentials["token"]:
        headers["x-oss-security-token"] = credentials["token"]
    canonical = "".join("%s:%s\n" % item for item in sorted(headers.items()))
    path = urllib.parse.quote("/%s/%s" % (bucket, key), safe="/-_.~")
    request = "\n".join(["GET", path, "", canonical, "", "UNSIGNED-PAYLOAD"])
    scope = "%s/%s/oss/aliyun_v4_request" % (date[:8], region)
    text = "\n".join(["OSS4-HMAC-SHA256", date, scope, hashlib.sha256(request.encode()).hexdigest()])
    secret = ("aliyun_v4" + credentials["secret"]).encode()
    for part in (date[:8], region, "oss", "aliyun_v4_request"):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = "OSS4-HMAC-SHA256 Credential=%s/%s,Signature=%s" % (credentials["id"], scope, signature)
    return headers


def metadata(path, token):
    request = urllib.request.Request(METADATA + path, headers={"X-aliyun-ecs-metadata-token": token})
    return urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS).read().decode()


def credentials_of_node():
    asked = {"X-aliyun-ecs-metadata-token-ttl-seconds": "300"}
    request = urllib.request.Request(METADATA + "/api/token", headers=asked, method="PUT")
    token = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS).read().decode()
    role = metadata("/meta-data/ram/security-credentials/", token).strip()
    found = json.loads(metadata("/meta-data/ram/security-credentials/" + role, token))
    return {"id": found["AccessKeyId"], "secret": found["AccessKeySecret"], "token": found["SecurityToken"]}


def main(bucket, region, key):
    date = datetime.datetime.utcnow().strftime("%Y%m%dT%H%M%SZ")
    headers = authorization(credentials_of_node(), bucket, region, key, date)
    host = "%s.oss-%s-internal.aliyuncs.com" % (bucket, region)
    request = urllib.request.Request("https://%s/%s" % (host, urllib.parse.quote(key)), headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        shutil.copyfileobj(answer, sys.stdout.buffer)


if __name__ == "__main__":
    main(*sys.argv[1:])
