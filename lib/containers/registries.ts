// As a whole: its parts load when they are first named.
import regionInfo from 'aws-cdk-lib/region-info';

/** The account that publishes images in each region. */
export type Registry = Readonly<Record<string, string>>;

/**
 * Where AWS publishes the XGBoost and scikit-learn images. The CDK has no fact for these accounts. Source: the pages
 * "Docker registry paths and example code" for each region
 * (https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html) and the tables of
 * the SageMaker Python SDK, which are made of the same data
 * (https://github.com/aws/sagemaker-python-sdk, image_uri_config/xgboost.json and sklearn.json).
 */
export const ALGORITHM_REGISTRY: Registry = {
  'af-south-1': '510948584623',
  'ap-east-1': '651117190479',
  'ap-northeast-1': '354813040037',
  'ap-northeast-2': '366743142698',
  'ap-northeast-3': '867004704886',
  'ap-south-1': '720646828776',
  'ap-south-2': '628508329040',
  'ap-southeast-1': '121021644041',
  'ap-southeast-2': '783357654285',
  'ap-southeast-3': '951798379941',
  'ap-southeast-4': '106583098589',
  'ca-central-1': '341280168497',
  'ca-west-1': '190319476487',
  'cn-north-1': '450853457545',
  'cn-northwest-1': '451049120500',
  'eu-central-1': '492215442770',
  'eu-central-2': '680994064768',
  'eu-north-1': '662702820516',
  'eu-south-1': '978288397137',
  'eu-south-2': '104374241257',
  'eu-west-1': '141502667606',
  'eu-west-2': '764974769150',
  'eu-west-3': '659782779980',
  'il-central-1': '898809789911',
  'me-central-1': '272398656194',
  'me-south-1': '801668240914',
  'sa-east-1': '737474898029',
  'us-east-1': '683313688378',
  'us-east-2': '257758044811',
  'us-gov-east-1': '237065988967',
  'us-gov-west-1': '414596584902',
  'us-west-1': '746614075791',
  'us-west-2': '246618743249',
};

/**
 * Regions of the Deep Learning Containers for which the CDK has no fact. Source: the SageMaker Python SDK
 * (https://github.com/aws/sagemaker-python-sdk, image_uri_config/pytorch.json).
 */
const FURTHER_REGIONS: Registry = {
  'af-south-1': '626614931356',
  'ap-northeast-3': '364406365360',
  'ap-southeast-5': '550225433462',
  'ap-southeast-7': '590183813437',
  'ca-west-1': '204538143572',
  'il-central-1': '780543022126',
  'mx-central-1': '637423239942',
  'us-gov-east-1': '446045086412',
  'us-gov-west-1': '442386744353',
};

let deepLearning: Registry | undefined;

/**
 * Where AWS publishes its Deep Learning Containers, PyTorch among them: the CDK's facts, and what they lack. The facts take a
 * tenth of a second to load, so they are asked for where an image is chosen by them.
 */
export function deepLearningRegistry(): Registry {
  deepLearning ??= { ...facts(), ...FURTHER_REGIONS };
  return deepLearning;
}

/** The same source has Triton in the commercial regions only. */
export function tritonRegistry(): Registry {
  return Object.fromEntries(
    Object.entries(deepLearningRegistry()).filter(([region]) => !/^(cn|us-gov|us-iso\w*|eusc)-/.test(region)),
  );
}

function facts(): Registry {
  const { Fact, FactName, RegionInfo } = regionInfo;
  return Object.fromEntries(
    RegionInfo.regions.flatMap(({ name }) => {
      const account = Fact.find(name, FactName.DLC_REPOSITORY_ACCOUNT);
      return account === undefined ? [] : [[name, account] as const];
    }),
  );
}
