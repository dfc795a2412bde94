/**
 * What callers reach in the place of the HTTP API, where the desk has an edge: a CloudFront distribution that keeps nothing and hands each
 * request on, after the firewall's rules of `edge-stack.ts` have counted it. It knows the API by its hidden stage, and is the only one who
 * does. The trap: CloudFront keeps errors of an origin for ten seconds even where nothing is to be cached, and for most codes in spite of
 * `no-store`; whoever came next would be told what another was refused.
 */
import { Duration, Fn, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  type DistributionProps,
  OriginRequestPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { type DeskConfig, edgeName } from './config.ts';
import type { EdgeConfig } from './edge-config.ts';
import { EDGE_REGION, WEB_ACL_OUTPUT } from './edge-stack.ts';
import type { DeskApi } from './http-api.ts';

/** Those for which CloudFront lets one say how long they are kept. It keeps others only where the API would ask for it, and that never does. */
const KEPT_ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

export interface EdgeProps {
  readonly config: DeskConfig;
  readonly edge: EdgeConfig;
  readonly api: DeskApi;
}

export class Edge extends Construct {
  /** The distribution's own address, which answers also where the desk has a name of the vendor's. */
  readonly url: string;

  constructor(scope: Construct, id: string, { config, edge, api }: EdgeProps) {
    super(scope, id);
    const { region, urlSuffix } = Stack.of(this);
    const distribution = new Distribution(this, 'Distribution', {
      comment: edgeName(config),
      webAclId: Fn.getStackOutput(edgeName(config), WEB_ACL_OUTPUT, EDGE_REGION),
      defaultBehavior: {
        origin: new HttpOrigin(`${api.httpApi.apiId}.execute-api.${region}.${urlSuffix}`, {
          originPath: `/${api.stageName}`,
        }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // API Gateway finds the API by `Host`, so that has to be its own.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      },
      errorResponses: KEPT_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      // As the API itself; one client has so many addresses of version 6 that counting by address would count nobody.
      enableIpv6: false,
      ...this.named(edge),
    });
    this.url = `https://${distribution.distributionDomainName}`;
    this.acknowledge(distribution, edge);
  }

  private named({ domain }: EdgeConfig): Partial<DistributionProps> {
    if (domain === undefined) return {};
    return {
      domainNames: [domain.name],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2025,
    };
  }

  private acknowledge(distribution: Distribution, { domain }: EdgeConfig): void {
    const findings = Validations.of(distribution);
    findings.acknowledge({
      id: 'AwsSolutions-CFR1',
      reason: 'Customers write from wherever they are; who may do what is for their token to say.',
    });
    findings.acknowledge({
      id: 'AwsSolutions-CFR3',
      reason: 'The API logs each call that is let in, by ids only; a log here would hold addresses and paths besides.',
    });
    if (domain !== undefined) return;
    findings.acknowledge({
      id: 'AwsSolutions-CFR4',
      reason: 'At a name of its own CloudFront sets the least version of TLS itself; with edgeCertificate it is 1.2.',
    });
  }
}
