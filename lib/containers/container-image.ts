import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ArnFormat, CfnMapping, Fn, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type {
  Container,
  PublishedContainer,
  RepositoryContainer,
} from '../../contract/deployment/containers.ts';
import { PUBLISHED, publishedTag } from './published-images.ts';

export interface ContainerImageProps {
  readonly container: Container;
  /** The build context of an image that is built here. @default - the image lies in a repository */
  readonly imageFolder?: string | undefined;
}

/** The second key of a mapping from regions. */
const ACCOUNT = 'account';

/** The image of a container: where SageMaker pulls it from, and the one repository that its role has to read for it. */
export class ContainerImage extends Construct {
  readonly uri: string;
  readonly repositoryArn: string;

  constructor(scope: Construct, id: string, { container, imageFolder }: ContainerImageProps) {
    super(scope, id);
    switch (container.kind) {
      case 'serving':
      case 'dockerfile': {
        const asset = this.#built(imageFolder);
        this.uri = asset.imageUri;
        this.repositoryArn = asset.repository.repositoryArn;
        return;
      }
      case 'repository':
        this.uri = this.#uri(container.account, container.repository, suffixOf(container, container.tag));
        this.repositoryArn = this.#arn(container.account, container.repository);
        return;
      default: {
        const { repository } = PUBLISHED[container.kind];
        const account = this.#publisher(container);
        this.uri = this.#uri(account, repository, suffixOf(container, publishedTag(container)));
        this.repositoryArn = this.#arn(account, repository);
      }
    }
  }

  #built(directory: string | undefined): DockerImageAsset {
    if (directory === undefined)
      throw new Error(`${this.node.path}: there is no folder to build the image from`);
    return new DockerImageAsset(this, 'Asset', { directory, platform: Platform.LINUX_AMD64 });
  }

  /** The publishing account: known where the region is, else looked up by CloudFormation. */
  #publisher({ kind }: PublishedContainer): string {
    const stack = Stack.of(this);
    const registry = PUBLISHED[kind].registry();
    if (Token.isUnresolved(stack.region)) {
      // One table for a stack, whatever the number of its variants.
      const id = `Registry${kind.replaceAll('-', '')}`;
      const known = stack.node.tryFindChild(id);
      const mapping =
        known instanceof CfnMapping
          ? known
          : new CfnMapping(stack, id, {
              mapping: Object.fromEntries(
                Object.entries(registry).map(([region, account]) => [region, { [ACCOUNT]: account }]),
              ),
            });
      return Fn.findInMap(mapping.logicalId, stack.region, ACCOUNT);
    }
    const account = registry[stack.region];
    if (account === undefined)
      throw new Error(`${this.node.path}: AWS publishes no ${kind} in ${stack.region}`);
    return account;
  }

  #uri(account = Stack.of(this).account, repository: string, suffix: string): string {
    const { region, urlSuffix } = Stack.of(this);
    return `${account}.dkr.ecr.${region}.${urlSuffix}/${repository}${suffix}`;
  }

  #arn(account = Stack.of(this).account, repository: string): string {
    return Stack.of(this).formatArn({
      service: 'ecr',
      account,
      resource: 'repository',
      resourceName: repository,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }
}

/** A digest names one build; a tag whatever was pushed under it last. */
function suffixOf(
  { kind, digest }: PublishedContainer | RepositoryContainer,
  tag: string | undefined,
): string {
  if (digest !== undefined) return `@${digest}`;
  if (tag === undefined) throw new Error(`the container "${kind}" has neither a digest nor a tag`);
  return `:${tag}`;
}
